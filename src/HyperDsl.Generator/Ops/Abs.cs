using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>|x|</c>; its derivative at 0 is taken as 0.</summary>
internal sealed record Abs : UnaryElementwise
{
    public override string Name => "abs";

    public override string Formula(IReadOnlyList<string> operands) => "|" + operands[0] + "|";

    protected override string Vector(string x, bool single) => $"Vector512.Abs({x})";

    protected override string Scalar(string x, bool single) => Real(single) + $".Abs({x})";

    protected override double Evaluate(double x) => Math.Abs(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, graph.Add(new Sign(), node.Input(0)))];
}

/// <summary>The language's <c>Abs(x)</c>.</summary>
internal sealed class AbsPrimitive : UnaryPrimitive<Abs>;

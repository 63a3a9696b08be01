using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The square root.</summary>
internal sealed record Sqrt : UnaryElementwise
{
    public override string Name => "sqrt";

    public override int Cycles => 8;

    protected override string Vector(string x, bool single) => $"Vector512.Sqrt({x})";

    protected override string Scalar(string x, bool single) => Real(single) + $".Sqrt({x})";

    protected override double Evaluate(double x) => Math.Sqrt(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Over(gradient, graph.Scale(node.Value, 2))];
}

/// <summary>The language's <c>Sqrt(x)</c>.</summary>
internal sealed class SqrtPrimitive : UnaryPrimitive<Sqrt>;

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The cosine, in radians.</summary>
internal sealed record Cos : UnaryElementwise
{
    public override string Name => "cos";

    public override int Cycles => 15;

    protected override string Vector(string x, bool single) => $"VectorMath.Cos({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Cos({x})";

    protected override double Evaluate(double x) => Math.Cos(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Negative(graph.Times(gradient, graph.Add(new Sin(), node.Input(0))))];
}

/// <summary>The language's <c>Cos(x)</c>.</summary>
internal sealed class CosPrimitive : UnaryPrimitive<Cos>;

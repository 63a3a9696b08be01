using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The sine, in radians.</summary>
internal sealed record Sin : UnaryElementwise
{
    public override string Name => "sin";

    public override int Cycles => 15;

    protected override string Vector(string x, bool single) => $"VectorMath.Sin({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Sin({x})";

    protected override double Evaluate(double x) => Math.Sin(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, graph.Add(new Cos(), node.Input(0)))];
}

/// <summary>The language's <c>Sin(x)</c>.</summary>
internal sealed class SinPrimitive : UnaryPrimitive<Sin>;

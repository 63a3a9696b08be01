using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The exponential <c>e^x</c>.</summary>
internal sealed record Exp : UnaryElementwise
{
    public override string Name => "exp";

    public override int Cycles => 10;

    protected override string Vector(string x, bool single) => $"VectorMath.Exp({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Exp({x})";

    protected override double Evaluate(double x) => Math.Exp(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [graph.Times(gradient, node.Value)];
}

/// <summary>The language's <c>Exp(x)</c>.</summary>
internal sealed class ExpPrimitive : UnaryPrimitive<Exp>;

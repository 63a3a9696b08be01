using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The hyperbolic tangent; the gradient needs only the result: <c>1 - y²</c>.</summary>
internal sealed record Tanh : UnaryElementwise
{
    public override string Name => "tanh";

    public override int Cycles => 14;

    protected override string Vector(string x, bool single) => $"VectorMath.Tanh({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Tanh({x})";

    protected override double Evaluate(double x) => Math.Tanh(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, graph.Minus(graph.Like(1, node.Value), graph.Times(node.Value, node.Value)))];
}

/// <summary>The language's <c>Tanh(x)</c>.</summary>
internal sealed class TanhPrimitive : UnaryPrimitive<Tanh>;

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>1 / (1 + e^-x)</c>; the gradient needs only the result: <c>y (1 - y)</c>.</summary>
internal sealed record Sigmoid : UnaryElementwise
{
    public override string Name => "sigmoid";

    public override int Cycles => 14;

    protected override string Vector(string x, bool single) => $"VectorMath.Sigmoid({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Sigmoid({x})";

    protected override double Evaluate(double x) => Stable(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, graph.Times(node.Value, graph.Minus(graph.Like(1, node.Value), node.Value)))];

    /// <summary>The exponential's argument is never positive, so it cannot overflow.</summary>
    private static double Stable(double x)
    {
        double small = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + small) : small / (1 + small);
    }
}

/// <summary>The language's <c>Sigmoid(x)</c>.</summary>
internal sealed class SigmoidPrimitive : UnaryPrimitive<Sigmoid>;

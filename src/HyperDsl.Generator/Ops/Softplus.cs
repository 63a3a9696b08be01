using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// <c>log(1 + e^x)</c>, computed as <c>max(x, 0) + log1p(e^-|x|)</c> so that nothing overflows; its derivative is the sigmoid.
/// </summary>
internal sealed record Softplus : UnaryElementwise
{
    public override string Name => "softplus";

    public override int Cycles => 24;

    protected override string Vector(string x, bool single) => $"VectorMath.Softplus({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Softplus({x})";

    protected override double Evaluate(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, graph.Add(new Sigmoid(), node.Input(0)))];

    /// <summary>
    /// <c>log(1 + x)</c> to full precision: the factor undoes the rounding of <c>1 + x</c> (Goldberg, "What every computer
    /// scientist should know about floating-point arithmetic", theorem 4).
    /// </summary>
    private static double LogOnePlus(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * x / (rounded - 1);
    }
}

/// <summary>The language's <c>Softplus(x)</c>.</summary>
internal sealed class SoftplusPrimitive : UnaryPrimitive<Softplus>;

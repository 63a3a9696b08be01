using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>-1, 0 or 1; 0 for NaN. Its derivative is 0 wherever it has one.</summary>
internal sealed record Sign : UnaryElementwise
{
    public override string Name => "sign";

    protected override string Vector(string x, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.LessThan({x}, {Zero(single)}), -{One(single)}, "
        + $"Vector512.ConditionalSelect(Vector512.GreaterThan({x}, {Zero(single)}), {One(single)}, {Zero(single)}))";

    protected override string Scalar(string x, bool single) =>
        $"{x} > 0 ? {Number(1, single)} : {x} < 0 ? {Number(-1, single)} : {Number(0, single)}";

    protected override double Evaluate(double x) => x > 0 ? 1 : x < 0 ? -1 : 0;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null];
}

/// <summary>The language's <c>Sign(x)</c>.</summary>
internal sealed class SignPrimitive : UnaryPrimitive<Sign>;

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>1 where <c>a &lt;= b</c>, else 0. No gradient.</summary>
internal sealed record LessOrEqual : BinaryElementwise
{
    public override string Name => "lessOrEqual";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " <= " + operands[1];

    public override Binding Binding => Binding.Comparison;

    protected override string Vector(string a, string b, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.LessThanOrEqual({a}, {b}), {One(single)}, {Zero(single)})";

    // C# warns of a variable that is compared with itself, so the one case in which that is not 1 is spelled out.
    protected override string Scalar(string a, string b, bool single) => a == b
        ? $"{Real(single)}.IsNaN({a}) ? {Number(0, single)} : {Number(1, single)}"
        : $"{a} <= {b} ? {Number(1, single)} : {Number(0, single)}";

    protected override double Evaluate(double a, double b) => a <= b ? 1 : 0;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null, null];
}

/// <summary>The language's <c>a &lt;= b</c>.</summary>
internal sealed class LessOrEqualPrimitive : BinaryPrimitive<LessOrEqual>
{
    protected override string Spelling => "<=";
}

/// <summary>The language's <c>a &gt;= b</c>, which swaps the operands.</summary>
internal sealed class GreaterOrEqualPrimitive : SwappedPrimitive<LessOrEqual>
{
    public override string Name => "greaterOrEqual";

    protected override string Spelling => ">=";
}

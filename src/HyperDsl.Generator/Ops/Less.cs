using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>1 where <c>a &lt; b</c>, else 0. No gradient.</summary>
internal sealed record Less : BinaryElementwise
{
    public override string Name => "less";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " < " + operands[1];

    public override Binding Binding => Binding.Comparison;

    protected override string Vector(string a, string b, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.LessThan({a}, {b}), {One(single)}, {Zero(single)})";

    protected override string Scalar(string a, string b, bool single) =>
        $"{a} < {b} ? {Number(1, single)} : {Number(0, single)}";

    protected override double Evaluate(double a, double b) => a < b ? 1 : 0;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null, null];

    /// <summary>Nothing is less than itself, NaN neither.</summary>
    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs[0].Id == inputs[1].Id ? graph.Full(0, shape) : null;
}

/// <summary>The language's <c>a &lt; b</c>.</summary>
internal sealed class LessPrimitive : BinaryPrimitive<Less>
{
    protected override string Spelling => "<";
}

/// <summary>The language's <c>a &gt; b</c>, which swaps the operands.</summary>
internal sealed class GreaterPrimitive : SwappedPrimitive<Less>
{
    public override string Name => "greater";

    protected override string Spelling => ">";
}

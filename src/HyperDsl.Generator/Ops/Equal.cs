using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>1 where the operands are equal, else 0. No gradient.</summary>
internal sealed record Equal : BinaryElementwise
{
    public override string Name => "equal";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " == " + operands[1];

    public override Binding Binding => Binding.Equality;

    protected override string Vector(string a, string b, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.Equals({a}, {b}), {One(single)}, {Zero(single)})";

    // C# warns of a variable that is compared with itself, so the one case in which that is not 1 is spelled out.
    protected override string Scalar(string a, string b, bool single) => a == b
        ? $"{Real(single)}.IsNaN({a}) ? {Number(0, single)} : {Number(1, single)}"
        : $"{a} == {b} ? {Number(1, single)} : {Number(0, single)}";

    protected override double Evaluate(double a, double b) => a == b ? 1 : 0;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null, null];
}

/// <summary>The language's <c>Equal(a, b)</c>.</summary>
internal sealed class EqualPrimitive : BinaryPrimitive<Equal>
{
    protected override string Spelling => "Equal";
}

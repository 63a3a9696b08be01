using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary><c>a · b + c</c>, rounded once, as the kernels of products do it.</summary>
internal sealed record MultiplyAdd : Elementwise
{
    public override string Name => "multiplyAdd";

    public override int Arity => 3;

    public override Binding Binding => Binding.Sum;

    public override string Vector(IReadOnlyList<string> operands, bool single) =>
        $"Vector512.FusedMultiplyAdd({operands[0]}, {operands[1]}, {operands[2]})";

    public override string Scalar(IReadOnlyList<string> operands, bool single) =>
        $"{Real(single)}.FusedMultiplyAdd({operands[0]}, {operands[1]}, {operands[2]})";

    public override string Formula(IReadOnlyList<string> operands) => operands[2] + " + " + operands[0] + " * " + operands[1];

    public override FormulaText Formula(IReadOnlyList<FormulaText> operands) => new(
        operands[2].Within(Binding.Sum, first: true) + " + " + operands[0].Within(Binding.Product, first: true) + " * "
            + operands[1].Within(Binding.Product, first: false),
        Binding.Sum);

    public override double Evaluate(IReadOnlyList<double> operands) => (operands[0] * operands[1]) + operands[2];
}

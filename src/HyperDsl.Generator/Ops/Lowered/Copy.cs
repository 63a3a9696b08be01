using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>The same value in storage of its own: row-major and contiguous, as kernels want it.</summary>
internal sealed record Copy : Elementwise
{
    public override string Name => "copy";

    public override int Arity => 1;

    public override string Vector(IReadOnlyList<string> operands, bool single) => operands[0];

    public override string Scalar(IReadOnlyList<string> operands, bool single) => operands[0];

    public override string Formula(IReadOnlyList<string> operands) => operands[0];

    public override FormulaText Formula(IReadOnlyList<FormulaText> operands) => operands[0];

    public override double Evaluate(IReadOnlyList<double> operands) => operands[0];

    // A copy is asked for because storage matters, so not even a constant is folded away.
    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) => null;
}

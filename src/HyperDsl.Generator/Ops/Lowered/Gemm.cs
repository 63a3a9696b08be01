using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>
/// A matrix product <c>C[batch, rows, columns] = Σ A[batch, rows, inner] · B[batch, inner, columns]</c>; each of the four may be
/// several axes. What every contraction becomes.
/// </summary>
/// <param name="BatchRank">Leading axes that both operands share.</param>
/// <param name="RowRank">Axes of the left operand that stay.</param>
/// <param name="InnerRank">Axes that are summed over.</param>
/// <param name="Columns">Sizes of the right operand's axes that stay.</param>
/// <param name="Packed">Whether the right operand went through <see cref="PackMatrix"/>.</param>
/// <param name="OverExamples">Whether examples are added up: the examples join the inner axes.</param>
internal sealed record Gemm(
    int BatchRank, int RowRank, int InnerRank, EquatableArray<int> Columns, bool Packed, bool OverExamples)
    : Operation, ISumsOverExamples
{
    public override string Name => "gemm";

    public override string Attributes =>
        "batch=" + Literal.Integer(BatchRank) + " rows=" + Literal.Integer(RowRank) + " inner=" + Literal.Integer(InnerRank)
        + " columns=[" + Columns + "]" + (Packed ? " packed" : "") + (OverExamples ? " overExamples" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) =>
        Shape.Of(inputs[0].Shape.Sizes.Take(BatchRank + RowRank).Concat(Columns));

    public override Varies InferVaries(IReadOnlyList<Node> inputs) =>
        OverExamples ? Varies.Nothing : base.InferVaries(inputs);

    public override long Cost(IReadOnlyList<Node> inputs, Node node) =>
        (long)inputs[0].Shape.Count * PackMatrix.Product(node.Shape, BatchRank + RowRank, node.Shape.Rank);
}

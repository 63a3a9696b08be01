using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>
/// The right operand of a product in the layout the kernel streams: panels of one vector's columns. Done once a step for
/// weights that do not vary.
/// </summary>
/// <param name="BatchRank">Leading axes that count independent matrices.</param>
/// <param name="InnerRank">Following axes that the product sums over; the rest are columns.</param>
internal sealed record PackMatrix(int BatchRank, int InnerRank) : Operation
{
    /// <summary>Columns of a panel: one 512-bit vector of <c>float</c>. Double precision packs into the same room.</summary>
    public const int PanelColumns = 16;

    public override string Name => "packMatrix";

    public override string Attributes => "batch=" + Literal.Integer(BatchRank) + " inner=" + Literal.Integer(InnerRank);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape shape = inputs[0].Shape;
        int inner = Product(shape, BatchRank, BatchRank + InnerRank);
        int columns = Product(shape, BatchRank + InnerRank, shape.Rank);
        return Shape.Of(shape.Sizes.Take(BatchRank).Append(PackedSize(inner, columns)));
    }

    public static int PackedSize(int inner, int columns) =>
        inner * ((columns + PanelColumns - 1) / PanelColumns * PanelColumns);

    public static int Product(Shape shape, int from, int to) =>
        shape.Sizes.Skip(from).Take(to - from).Aggregate(1, (product, size) => product * size);
}

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

    /// <summary>Columns up to which vectors along the inner axis beat vectors along the columns: half of a vector of <c>float</c>.</summary>
    private const int NarrowColumns = PanelColumns / 2;

    /// <summary>Below, adding up the lanes of a sum takes as long as the product.</summary>
    private const int NarrowInner = 2 * PanelColumns;

    public override string Name => "packMatrix";

    public override string Attributes => "batch=" + Literal.Integer(BatchRank) + " inner=" + Literal.Integer(InnerRank);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape shape = inputs[0].Shape;
        return Shape.Of(shape.Sizes.Take(BatchRank).Append(PackedSize(Inner(shape), Columns(shape))));
    }

    /// <summary>Whether a matrix of this shape has so few columns that it is packed column after column.</summary>
    public bool IsNarrow(Shape shape) => IsNarrow(Inner(shape), Columns(shape));

    private int Inner(Shape shape) => Product(shape, BatchRank, BatchRank + InnerRank);

    private int Columns(Shape shape) => Product(shape, BatchRank + InnerRank, shape.Rank);

    public static int PackedSize(int inner, int columns) =>
        inner * ((columns + PanelColumns - 1) / PanelColumns * PanelColumns);

    /// <inheritdoc cref="IsNarrow(Shape)"/>
    public static bool IsNarrow(int inner, int columns) => columns <= NarrowColumns && inner >= NarrowInner;

    public static int Product(Shape shape, int from, int to) =>
        shape.Sizes.Skip(from).Take(to - from).Aggregate(1, (product, size) => product * size);
}

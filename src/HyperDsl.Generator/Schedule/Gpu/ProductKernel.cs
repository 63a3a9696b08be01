using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>One axis of a product and how its three buffers are walked along it.</summary>
/// <param name="Extent">Its size; where it is open, for each row.</param>
/// <param name="IsOpen">Whether the number of rows, known at run time, multiplies the size.</param>
/// <param name="Left">Distance of neighbours in the left operand.</param>
/// <param name="Right">Distance of neighbours in the right operand.</param>
/// <param name="Result">Distance of neighbours in the result.</param>
internal sealed record ProductAxis(int Extent, bool IsOpen, int Left, int Right, int Result)
{
    public static ProductAxis Closed(int extent, int left, int right, int result) => new(extent, false, left, right, result);

    public static ProductAxis Open(int left, int right, int result) => new(1, true, left, right, result);
}

/// <summary>The part of the result that a group of threads computes.</summary>
/// <param name="Rows">Rows of a tile.</param>
/// <param name="Columns">Columns of a tile.</param>
/// <param name="ThreadRows">Rows of a thread.</param>
/// <param name="ThreadColumns">Columns of a thread.</param>
internal sealed record ProductTile(int Rows, int Columns, int ThreadRows, int ThreadColumns)
{
    /// <summary>Inner elements that lie in shared memory at a time.</summary>
    public const int Inner = 16;

    public int Threads => Rows / ThreadRows * (Columns / ThreadColumns);

    /// <summary>Whether a thread's rows and columns come in fours that lie side by side, which shared memory gives at once.</summary>
    public bool InQuads => ThreadRows % 4 == 0 && ThreadColumns % 4 == 0;
}

/// <summary>
/// A matrix product, batched or not, and every correlation (implicit matrix products): result[group, row, column] = Σ over inner of
/// left[group, row, inner] · right[group, inner, column]. Each of the four is a list of axes, outermost first; the axis of the rows
/// known at run time can only be the outermost of its list. Operands: left, right, each of them what its prologue reads where it has one; the
/// result is the target of the reduction.
/// </summary>
/// <param name="Groups">Axes of independent products.</param>
/// <param name="Rows">Axes that the right operand does not have.</param>
/// <param name="Inner">Axes that are summed over.</param>
/// <param name="Columns">Axes that the left operand does not have.</param>
/// <param name="Tile">How work is cut; <c>null</c> for a thread an element of the result, where tiles would be nearly empty.</param>
internal sealed record ProductKernel(
    EquatableArray<ProductAxis> Groups,
    EquatableArray<ProductAxis> Rows,
    EquatableArray<ProductAxis> Inner,
    EquatableArray<ProductAxis> Columns,
    ProductTile? Tile)
    : ReducingKernel
{
    public override int OperandCount => OperandsOf(LeftPrologue) + OperandsOf(RightPrologue);

    /// <summary>What makes the left operand, where it does not lie in memory.</summary>
    public Prologue? LeftPrologue { get; init; }

    /// <summary>As <see cref="LeftPrologue"/>, of the right operand.</summary>
    public Prologue? RightPrologue { get; init; }

    /// <summary>The first operand in memory of the right factor.</summary>
    public int FirstOfRight => OperandsOf(LeftPrologue);

    /// <summary>Whether the left operand begins at a multiple of 16 bytes at every launch; known only where the tile makes use of it.</summary>
    public bool LeftIsAligned { get; init; }

    /// <summary>As <see cref="LeftIsAligned"/>, the right operand.</summary>
    public bool RightIsAligned { get; init; }

    /// <summary>As <see cref="LeftIsAligned"/>, the result.</summary>
    public bool ResultIsAligned { get; init; }

    /// <summary>Whether devices with tensor cores get a form of the kernel that multiplies on them (<see cref="TensorTiles"/>).</summary>
    public bool OnTensorCores { get; init; }

    public override bool HasTensorForm => OnTensorCores;

    public override int Threads => Tile?.Threads ?? GroupSize;

    public IEnumerable<ProductAxis> AllAxes => Groups.Concat(Rows).Concat(Inner).Concat(Columns);

    public bool InnerIsOpen => Inner.Any(axis => axis.IsOpen);

    public Prologue? PrologueOf(bool isLeft) => isLeft ? LeftPrologue : RightPrologue;

    /// <summary>The same with an operand made by a prologue; accesses of 128 bits stay where it allows them.</summary>
    public ProductKernel With(bool isLeft, Prologue prologue) => isLeft
        ? this with { LeftPrologue = prologue, LeftIsAligned = LeftIsAligned && prologue.InQuads }
        : this with { RightPrologue = prologue, RightIsAligned = RightIsAligned && prologue.InQuads };

    private static int OperandsOf(Prologue? prologue) => prologue?.OperandCount ?? 1;

    /// <summary>How many elements a list of axes has; where it is open, for each row.</summary>
    public static int Count(EquatableArray<ProductAxis> axes) =>
        axes.Aggregate(1, (product, axis) => checked(product * axis.Extent));
}

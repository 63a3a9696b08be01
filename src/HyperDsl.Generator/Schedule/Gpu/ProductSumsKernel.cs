using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>A product that adds up rows, such as the gradient of a weight, as one of several that are launched together.</summary>
/// <param name="Product">The product, by the tile that it would have alone; its inner axis is open, all others are known.</param>
/// <param name="Rows">How many rows it adds up.</param>
/// <param name="Places">Where its elements belong.</param>
/// <param name="Operands">For each of its operands, which of the launch's it is.</param>
internal sealed record ProductSum(ProductKernel Product, RowCount Rows, SumPlaces Places, EquatableArray<int> Operands)
{
    public int RowsOfResult => ProductKernel.Count(Product.Rows);

    public int Columns => ProductKernel.Count(Product.Columns);

    public int Groups => ProductKernel.Count(Product.Groups);

    /// <summary>What a row adds to each element.</summary>
    public int InnerOfRow => ProductKernel.Count(Product.Inner);

    /// <summary>Tiles of one part.</summary>
    public int Tiles(ProductTile tile) => checked((int)ProductTiles.Count(Product, tile, RowCount.One));

    /// <summary>The product by another tile.</summary>
    public ProductKernel By(ProductTile tile) => Product with
    {
        Tile = tile, LeftIsAligned = tile.InQuads && Product.LeftIsAligned, RightIsAligned = tile.InQuads && Product.RightIsAligned,
        ResultIsAligned = false,
    };
}

/// <summary>
/// Several products that add up rows, none of which needs another, by equal tiles. Each inner axis is cut into parts of as many elements, and
/// the tiles of all parts are numbered one product after another; what they add up lies in that order in one buffer, from which
/// <see cref="Adding"/> adds it to where it belongs. Operands: what the products read, then their targets in order.
/// </summary>
/// <param name="Tile">The tile of all products.</param>
/// <param name="Sums">The products; those of equal sizes stand side by side.</param>
/// <param name="Inputs">How many buffers are read.</param>
internal sealed record ProductSumsKernel(ProductTile Tile, EquatableArray<ProductSum> Sums, int Inputs) : DeviceKernel
{
    /// <summary>Whether devices with tensor cores get a form that multiplies on them (<see cref="TensorTiles"/>).</summary>
    public bool OnTensorCores { get; init; }

    public override bool HasTensorForm => OnTensorCores;

    public override DeviceKernel Printed => this with { Stored = EquatableArray<int>.Empty };

    public override int Threads => Tile.Threads;

    public override int OperandCount => Inputs + Sums.Count;

    public override bool Writes(int operand) => operand >= Inputs;

    /// <summary>Products that differ, each of which is printed once.</summary>
    public ProductKernel[] Parts => [.. Sums.Select(sum => sum.By(Tile)).Distinct()];

    public IEnumerable<RowCount> RowCounts => Adding.RowCounts;

    /// <summary>The kernel that adds the parts of the sums to their targets.</summary>
    public AddProductSumsKernel Adding => new(
        Sums.Select((sum, i) => new AddedSum(sum.Places, sum.Rows, sum.InnerOfRow, Stored.Contains(i))).ToEquatable());

    /// <summary>Which sums are stored, instead of added to what their target holds (<see cref="WholeSums"/>).</summary>
    public EquatableArray<int> Stored { get; init; } = EquatableArray<int>.Empty;
}

/// <summary>A sum whose parts are added.</summary>
/// <param name="Places">Where its elements belong.</param>
/// <param name="Rows">How many rows were added up.</param>
/// <param name="InnerOfRow">What a row added to each element.</param>
/// <param name="IsStored">Whether it takes the place of what its target holds.</param>
internal sealed record AddedSum(SumPlaces Places, RowCount Rows, int InnerOfRow, bool IsStored);

/// <summary>Adds the parts of several products to their targets, in order. Operands: the targets.</summary>
/// <param name="Sums">The sums.</param>
internal sealed record AddProductSumsKernel(EquatableArray<AddedSum> Sums) : DeviceKernel
{
    public override int OperandCount => Sums.Count;

    /// <summary>Of which rows sums are added, each count once.</summary>
    public IEnumerable<RowCount> RowCounts => Sums.Select(sum => sum.Rows).Distinct().OrderBy(rows => rows);

    public override bool Writes(int operand) => true;
}

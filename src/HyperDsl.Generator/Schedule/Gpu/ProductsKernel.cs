using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// One of several products that are launched together. Operands: those of the product, then the target of one that has no epilogue.
/// </summary>
/// <param name="Kernel">
/// A <see cref="ProductKernel"/>, or a <see cref="FusedProductKernel"/> of one product; all its sizes are known but perhaps the number of its rows.
/// </param>
internal sealed record ProductPart(DeviceKernel Kernel)
{
    public ProductKernel Product => ProductReader.ProductsOf(Kernel)[0];

    public bool HasTarget => Kernel is ProductKernel;

    public int OperandCount => Kernel.OperandCount + (HasTarget ? 1 : 0);

    public int Rows => ProductKernel.Count(Product.Rows);

    public int Columns => ProductKernel.Count(Product.Columns);

    public int Inner => ProductKernel.Count(Product.Inner);

    /// <summary>Groups of threads that compute it, where all sizes are known.</summary>
    public int Blocks => checked((int)ProductTiles.Count(Product, Product.Tile!, RowCount.One));

    public bool Reads(int operand) => operand < Kernel.OperandCount && Kernel.Reads(operand);

    public bool Writes(int operand) => operand == Kernel.OperandCount || Kernel.Writes(operand);

    public ProductPart With(ProductKernel product) => new(
        Kernel is FusedProductKernel fused ? fused with { Products = new EquatableArray<ProductKernel>(product) } : product);

    /// <summary>The same by other tiles; <c>null</c> if registers have no room for these.</summary>
    public ProductPart? With(ProductTile tile)
    {
        ProductPart part = With(Product with
        {
            Tile = tile, LeftIsAligned = tile.InQuads && Product.LeftIsAligned, RightIsAligned = tile.InQuads && Product.RightIsAligned,
            ResultIsAligned = tile.InQuads && Product.ResultIsAligned,
        });
        return part.Kernel is FusedProductKernel { Fits: false } ? null : part;
    }
}

/// <summary>A part at work on its buffers.</summary>
/// <param name="Part">The part.</param>
/// <param name="Operands">For each of its operands, which of the launch's it is.</param>
internal sealed record ProductMember(ProductPart Part, EquatableArray<int> Operands);

/// <summary>
/// Several products, none of which needs another, by equal tiles, which are numbered one product after another. Of known sizes there are more
/// buffers than arguments have room for, so the kernel gets whole arenas and the places where buffers begin in them.
/// </summary>
/// <param name="Tile">The tile of all products.</param>
/// <param name="Members">The products; equal parts stand side by side.</param>
/// <param name="Arenas">For each operand, the arena that it is a part of.</param>
/// <param name="AreAligned">Whether all operands begin at a multiple of 16 bytes; known only where the tile makes use of it.</param>
internal sealed record ProductsKernel(
    ProductTile Tile, EquatableArray<ProductMember> Members, EquatableArray<Place> Arenas, bool AreAligned) : DeviceKernel
{
    /// <summary>Buffers of a launch: a number each in arguments for which OpenCL promises 1,024 bytes, beside the arenas.</summary>
    public const int MostBuffers = 200;

    /// <summary>Elements of a thread in all different parts, whose stores are printed one by one.</summary>
    public const int MostElements = 128;

    /// <summary>Whether products have a row for each example, and buffers are arguments.</summary>
    public bool HasRows => Members[0].Part.Product.Rows.Any(axis => axis.IsOpen);

    /// <summary>Parts that differ, each of which is printed once.</summary>
    public ProductPart[] Parts => [.. Members.Select(member => member.Part).Distinct()];

    public override int OperandCount => Arenas.Count;

    public override int Threads => Tile.Threads;

    public override bool HasTensorForm => Members[0].Part.Product.OnTensorCores;

    public override bool Writes(int operand) => Any(operand, (part, number) => part.Writes(number));

    public override bool Reads(int operand) => Any(operand, (part, number) => part.Reads(number));

    private bool Any(int operand, Func<ProductPart, int, bool> does) => Members.Any(member =>
        Enumerable.Range(0, member.Operands.Count).Any(number => member.Operands[number] == operand && does(member.Part, number)));
}

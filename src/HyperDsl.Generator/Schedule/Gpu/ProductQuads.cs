using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Along what four elements of an operand that lie side by side can be loaded at once.</summary>
internal enum QuadAxis
{
    None,

    /// <summary>The axis that is summed over.</summary>
    Inner,

    /// <summary>Rows of the left operand, columns of the right one or of the result.</summary>
    Across,
}

/// <summary>
/// Accesses of 128 bits: an axis is walked in memory order, its size is a multiple of four, and so is every other distance, and where the
/// buffer begins.
/// </summary>
internal static class ProductQuads
{
    private const int Elements = 4;

    public static QuadAxis OfLeft(ProductKernel product) =>
        Of(product, product.LeftIsAligned, product.Rows, product.Inner, axis => axis.Left);

    public static QuadAxis OfRight(ProductKernel product) =>
        Of(product, product.RightIsAligned, product.Columns, product.Inner, axis => axis.Right);

    /// <summary>Whether four neighbouring columns of the result can be stored at once.</summary>
    public static bool OfResult(ProductKernel product) => product.ResultIsAligned
        && IsAlong(product.Columns, axis => axis.Result) && IsApart(product.Groups, axis => axis.Result) && IsApart(product.Rows, axis => axis.Result);

    /// <summary>Whether an operand begins at a multiple of four elements: storages do, and what varies with time has so many a step.</summary>
    public static bool IsAligned(DeviceOperand operand, Storage storage) =>
        operand.Offset % Elements == 0 && (!storage.PerStep || storage.Size % Elements == 0);

    private static QuadAxis Of(
        ProductKernel product, bool isAligned, EquatableArray<ProductAxis> across, EquatableArray<ProductAxis> inner, Func<ProductAxis, int> stride)
    {
        if (product.Tile is not { InQuads: true } || !isAligned || !IsApart(product.Groups, stride))
        {
            return QuadAxis.None;
        }
        return IsAlong(inner, stride) && IsApart(across, stride) ? QuadAxis.Inner
            : IsAlong(across, stride) && IsApart(inner, stride) ? QuadAxis.Across
            : QuadAxis.None;
    }

    private static bool IsAlong(EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride) =>
        axes.Count > 0 && stride(axes[axes.Count - 1]) == 1 && axes[axes.Count - 1].Extent % Elements == 0
        && IsApart(axes.Take(axes.Count - 1), stride);

    private static bool IsApart(IEnumerable<ProductAxis> axes, Func<ProductAxis, int> stride) => axes.All(axis => stride(axis) % Elements == 0);
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>Products for tensor cores, one for each way in which tiles, strides and edges differ.</summary>
internal static class ProductCases
{
    private static readonly ProductTile Largest = new(128, 128, 8, 8);
    private static readonly ProductTile Tall = new(128, 64, 8, 8);
    private static readonly ProductTile Wide = new(64, 128, 8, 8);
    private static readonly ProductTile Smallest = new(64, 64, 4, 4);

    public static readonly IReadOnlyDictionary<string, ProductKernel> All = new Dictionary<string, ProductKernel>
    {
        ["rows by rows"] = Aligned(new ProductKernel(
            Axes(), Axes(Row(128, left: 64, result: 128)), Axes(Inner(64, left: 1, right: 1)), Axes(Column(128, right: 64, result: 1)), Largest)),
        ["both turned"] = Aligned(new ProductKernel(
            Axes(), Axes(Row(128, left: 1, result: 64)), Axes(Inner(32, left: 128, right: 64)), Axes(Column(64, right: 1, result: 1)), Tall)),
        ["result turned"] = Aligned(new ProductKernel(
            Axes(), Axes(Row(64, left: 20, result: 1)), Axes(Inner(20, left: 1, right: 1)), Axes(Column(128, right: 20, result: 64)), Wide)),
        ["edges, no fours"] = new ProductKernel(
            Axes(), Axes(Row(131, left: 19, result: 67)), Axes(Inner(19, left: 1, right: 67)), Axes(Column(67, right: 1, result: 1)), Tall),
        ["edges of fours"] = Aligned(new ProductKernel(
            Axes(), Axes(Row(68, left: 28, result: 132)), Axes(Inner(28, left: 1, right: 132)), Axes(Column(132, right: 1, result: 1)), Wide)),
        ["inner axis shorter than an instruction's"] = new ProductKernel(
            Axes(), Axes(Row(64, left: 3, result: 64)), Axes(Inner(3, left: 1, right: 1)), Axes(Column(64, right: 3, result: 1)), Smallest),
        ["batched"] = Aligned(new ProductKernel(
            Axes(ProductAxis.Closed(3, 64 * 20, 64 * 20, 64 * 64)), Axes(Row(64, left: 20, result: 64)), Axes(Inner(20, left: 1, right: 1)),
            Axes(Column(64, right: 20, result: 1)), Smallest)),
        ["a product an example"] = Aligned(new ProductKernel(
            Axes(ProductAxis.Open(70 * 12, 0, 70 * 64)), Axes(Row(70, left: 12, result: 64)), Axes(Inner(12, left: 1, right: 64)),
            Axes(Column(64, right: 1, result: 1)), Smallest)),
        ["examples as rows"] = Aligned(new ProductKernel(
            Axes(), Axes(ProductAxis.Open(50 * 24, 0, 50 * 128), Row(50, left: 24, result: 128)), Axes(Inner(24, left: 1, right: 1)),
            Axes(Column(128, right: 24, result: 1)), Largest)),
        ["sum over examples, in parts"] = Aligned(new ProductKernel(
            Axes(), Axes(Row(64, left: 1, result: 128)),
            Axes(ProductAxis.Open(150 * 64, 150 * 128, 0), Inner(150, left: 64, right: 128)), Axes(Column(128, right: 1, result: 1)), Wide)),
        ["convolution"] = Aligned(new ProductKernel(
            Axes(), Axes(ProductAxis.Closed(8, 10 * 4, 0, 8 * 64), ProductAxis.Closed(8, 4, 0, 64)),
            Axes(ProductAxis.Closed(3, 10 * 4, 3 * 4 * 64, 0), ProductAxis.Closed(3, 4, 4 * 64, 0), ProductAxis.Closed(4, 1, 64, 0)),
            Axes(Column(64, right: 1, result: 1)), Smallest)),
    };

    private static EquatableArray<ProductAxis> Axes(params ProductAxis[] axes) => axes.ToEquatable();

    private static ProductAxis Row(int extent, int left, int result) => ProductAxis.Closed(extent, left, 0, result);

    private static ProductAxis Inner(int extent, int left, int right) => ProductAxis.Closed(extent, left, right, 0);

    private static ProductAxis Column(int extent, int right, int result) => ProductAxis.Closed(extent, 0, right, result);

    private static ProductKernel Aligned(ProductKernel product) =>
        product with { LeftIsAligned = true, RightIsAligned = true, ResultIsAligned = true };
}

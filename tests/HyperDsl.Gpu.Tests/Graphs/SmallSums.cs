using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Sums over examples by hand, and copies of them.</summary>
internal static class SmallSums
{
    /// <summary>[rows, columns] += Σ over examples of left [N, rows] · right [N, columns].</summary>
    public static Launch Product(int left, int right, int target, int rows, int columns, ProductTile? tile = null) => new(
        new ProductKernel(
            EquatableArray<ProductAxis>.Empty, Axes(ProductAxis.Closed(rows, 1, 0, columns)), Axes(ProductAxis.Open(rows, columns, 0)),
            Axes(ProductAxis.Closed(columns, 0, 1, 1)), tile),
        Operands(left, right), new DeviceOperand(target, 0), rows * columns, true, RowCount.Examples, EquatableArray<int>.Empty,
        $"{target} += {left} · {right}")
    {
        AddsRowsUp = true,
    };

    /// <summary>Copies a matrix, or turns it.</summary>
    /// <param name="from">The sum.</param>
    /// <param name="to">The gradient.</param>
    /// <param name="rows">Rows of the sum.</param>
    /// <param name="columns">Columns of the sum.</param>
    /// <param name="rowStride">Distance of its rows in the gradient.</param>
    /// <param name="columnStride">Distance of its columns.</param>
    /// <param name="offset">Where in the gradient the first element goes.</param>
    public static Launch Copy(int from, int to, int rows, int columns, int rowStride, int columnStride, int offset = 0) => new(
        new PassKernel(CopyProgram([rows, columns], [columns, 1], [rowStride, columnStride])),
        new EquatableArray<DeviceOperand>(new DeviceOperand(from, 0), new DeviceOperand(to, offset)), null, 0, false, RowCount.One,
        EquatableArray<int>.Empty, $"{to} = {from}");

    public static RowProgram CopyProgram(int[] extents, int[] load, int[] store) => new(
        false, EquatableArray<int>.Empty, extents.ToEquatable(),
        new EquatableArray<RowOperand>(new RowOperand(false, 0, load.ToEquatable()), new RowOperand(true, 0, store.ToEquatable())),
        RowPrograms.Move, 1, false);

    public static Launch Scatter(int rows, int labels, int table, int height, int width) => new(
        new ScatterSumKernel(height, width), Operands(rows, labels, table), null, 0, false, RowCount.Examples, EquatableArray<int>.Empty, "scatter");

    public static StoredValue Value(Place place, string name, int offset, int size) =>
        new(place, offset, size, Shape.Of(size), name, place is Place.Scratch or Place.IndexInput);

    public static EquatableArray<DeviceOperand> Operands(params int[] storages) => storages.Select(storage => new DeviceOperand(storage, 0)).ToEquatable();

    private static EquatableArray<ProductAxis> Axes(params ProductAxis[] axes) => axes.ToEquatable();
}

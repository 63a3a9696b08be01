using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Weights laid out for kernels that walk sequences: columns side by side, since neighbouring threads compute neighbouring columns and read
/// the matrix again at every step.
/// </summary>
internal sealed class TransposedWeights
{
    private readonly GrowingStorages storages;
    private readonly Dictionary<(DeviceOperand Source, ProductKernel Axes), int> known = [];

    /// <param name="storages">To which the new ones are added.</param>
    public TransposedWeights(GrowingStorages storages) => this.storages = storages;

    /// <summary>Launches for the phase that runs only when parameters are new.</summary>
    public List<Launch> OfParameters { get; } = [];

    /// <summary>Launches for just before the loop: the matrices are computed at every call.</summary>
    public List<Launch> OfOthers { get; } = [];

    /// <summary>A launch; if it is of a product whose right operand examples share, by one with neighbouring columns side by side.</summary>
    public Launch Arranged(Launch launch)
    {
        if (launch.Kernel is not ProductKernel product)
        {
            return launch;
        }
        ProductAxis[] axes = [.. product.Groups, .. product.Inner, .. product.Columns];
        if (axes.Any(axis => axis.IsOpen) || axes.Length == 0 || product.Columns.Count == 0
            || product.Columns[product.Columns.Count - 1].Right == 1)
        {
            return launch;
        }
        int[] strides = Shape.Of(axes.Select(axis => axis.Extent)).Strides();
        EquatableArray<ProductAxis> Taken(EquatableArray<ProductAxis> part, int from) =>
            part.Select((axis, i) => axis with { Right = strides[from + i] }).ToEquatable();
        int groups = product.Groups.Count;
        return launch with
        {
            Kernel = product with
            {
                Groups = Taken(product.Groups, 0), Inner = Taken(product.Inner, groups),
                Columns = Taken(product.Columns, groups + product.Inner.Count),
            },
            Operands = new EquatableArray<DeviceOperand>(
                launch.Operands[0], new DeviceOperand(Copy(launch.Operands[1], product, axes, strides), 0)),
        };
    }

    private int Copy(DeviceOperand source, ProductKernel product, ProductAxis[] axes, int[] strides)
    {
        ProductKernel key = product with
        {
            Groups = axes.Select(axis => axis with { Left = 0, Result = 0 }).ToEquatable(), Rows = EquatableArray<ProductAxis>.Empty,
            Inner = EquatableArray<ProductAxis>.Empty, Columns = EquatableArray<ProductAxis>.Empty, Tile = null,
        };
        if (known.TryGetValue((source, key), out int copy))
        {
            return copy;
        }
        Storage original = storages.All[source.Storage];
        Shape shape = Shape.Of(axes.Select(axis => axis.Extent));
        copy = storages.AddShared(shape, original.Name + "Transposed", original.Label with { Text = original.Label.Text + " transposed" });
        known.Add((source, key), copy);
        RowProgram move = new(
            false, EquatableArray<int>.Empty, shape.Sizes,
            new EquatableArray<RowOperand>(
                new RowOperand(false, 0, axes.Select(axis => axis.Right).ToEquatable()), new RowOperand(true, 0, new EquatableArray<int>(strides))),
            RowPrograms.Move, 1, false);
        (original.Place == Place.Parameter ? OfParameters : OfOthers).Add(new Launch(
            new PassKernel(move), new EquatableArray<DeviceOperand>(source, new DeviceOperand(copy, 0)), null, 0, false, RowCount.One,
            EquatableArray<int>.Empty, storages.All[copy].Name + " = " + original.Name));
        return copy;
    }
}

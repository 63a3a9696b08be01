using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>A kernel under the name it is printed with.</summary>
internal sealed record NamedKernel(DeviceKernel Kernel, string Name)
{
    /// <summary>The structure that holds its buffers.</summary>
    public string Arguments { get; init; } = Name + "Arguments";

    public string Field => Name + "Kernel";
}

/// <summary>The kernels of a model, each printed once however many routines and layers launch it.</summary>
internal sealed class KernelNames
{
    private readonly Dictionary<DeviceKernel, NamedKernel> names = [];
    private readonly List<NamedKernel> all = [];
    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<NamedKernel> All => all;

    public NamedKernel Of(DeviceKernel kernel)
    {
        kernel = kernel.Printed;
        if (!names.TryGetValue(kernel, out NamedKernel? named))
        {
            string stem = Stem(kernel);
            string name = stem;
            for (int number = 2; !given.Add(name); number++)
            {
                name = stem + Literal.Integer(number);
            }
            named = new NamedKernel(kernel, name);
            names.Add(kernel, named);
            all.Add(named);
        }
        return named;
    }

    private static string Stem(DeviceKernel kernel) => kernel switch
    {
        PassKernel pass => RowProgramStem.Of(pass.Program),
        SumKernel sum => "SumOf" + RowProgramStem.Of(sum.Program),
        PassesKernel passes => passes.Members.Select(member => Stem(member.Kernel)).Distinct().ToArray() is { Length: 1 } same ? same[0] + "All" : "Passes",
        SumsKernel => "Sums",
        AddSumsKernel => "AddSums",
        LoopKernel loop => loop.Order switch
        {
            StepOrder.FromFirst => "Walk",
            StepOrder.FromLast => "WalkBack",
            _ => "RowsOfStep",
        },
        FillKernel => "Fill",
        GatherKernel => "Gather",
        ScatterKernel => "Scatter",
        ScatterSumKernel => "ScatterSum",
        OneHotKernel => "OneHot",
        PoolKernel pool => pool.Operation + "Pool",
        ProductKernel product => Stem(product),
        FusedProductKernel fused => Stem(fused.Products[0]) + string.Concat(fused.Products.Skip(1).Select(other => "And" + Extent(other.Inner)))
            + RowProgramStem.Of(fused.Epilogue),
        ProductsKernel => "Products",
        ProductSumsKernel => "ProductSums",
        AddProductSumsKernel => "AddProductSums",
        _ => "Kernel",
    };

    private static string Stem(ProductKernel product) =>
        "Product" + OfPrologues(product) + Extent(product.Rows) + "x" + Extent(product.Columns) + "x" + Extent(product.Inner);

    private static string OfPrologues(ProductKernel product) => string.Concat(
        new[] { product.LeftPrologue, product.RightPrologue }.OfType<Prologue>()
            .Select(prologue => "Of" + (prologue.IsWhole ? "" : "Padded") + RowProgramStem.Of(prologue.Pass))).Replace("PaddedMove", "Padded");

    private static string Extent(EquatableArray<ProductAxis> axes) =>
        axes.Any(axis => axis.IsOpen)
            ? "N" + (ProductKernel.Count(axes) == 1 ? "" : Literal.Integer(ProductKernel.Count(axes)))
            : Literal.Integer(ProductKernel.Count(axes));
}

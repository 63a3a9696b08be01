using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>A kernel under the name it is printed with.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Name">Its name.</param>
/// <param name="Fields">Names of its buffers.</param>
internal sealed record NamedKernel(DeviceKernel Kernel, string Name, IReadOnlyList<string> Fields)
{
    /// <summary>How the name of the structure of buffers ends.</summary>
    public const string OfArguments = "Arguments";

    private const string OfField = "Kernel";

    /// <summary>The structure that holds its buffers.</summary>
    public string Arguments { get; init; } = Name + OfArguments;

    public string Field => Name + OfField;

    /// <summary>A name that is not what another kernel calls its field or structure, whatever the user calls values.</summary>
    public static string Apart(string name) =>
        name.EndsWith(OfField, StringComparison.Ordinal) || name.EndsWith(OfArguments, StringComparison.Ordinal) ? name + "Value" : name;
}

/// <summary>The kernels of a model, each printed once however many routines and layers launch it.</summary>
internal sealed class KernelNames
{
    private readonly SharedWords<DeviceKernel, EquatableArray<ValueLabel>> kernels = new((one, other) => one.Zip(other, PassWords.Common).ToEquatable());
    private readonly List<NamedKernel> all = [];

    private KernelNames()
    {
    }

    /// <summary>In order of first use.</summary>
    public IReadOnlyList<NamedKernel> All => all;

    /// <param name="routines">All routines that launch them.</param>
    /// <param name="watched">Routines that give watched values as well.</param>
    public static KernelNames Of(IEnumerable<DeviceProgram> routines, IEnumerable<DeviceProgram> watched)
    {
        KernelNames names = new();
        names.AddAll(routines);
        names.kernels.Settle();
        names.AddAll(watched);
        names.GiveNames();
        return names;
    }

    /// <summary>Names of kernels that no routine launches.</summary>
    public static KernelNames Of(IEnumerable<DeviceKernel> kernels)
    {
        KernelNames names = new();
        foreach (DeviceKernel kernel in kernels)
        {
            names.kernels.Add(kernel.Printed, Enumerable.Repeat(ValueLabel.None, KernelEmitter.InputsOf(kernel)).ToEquatable());
        }
        names.GiveNames();
        return names;
    }

    public NamedKernel Of(DeviceKernel kernel) => all[kernels.PlaceOf(kernel.Printed)];

    /// <summary>The kernel that adds the parts which another one leaves; its buffers are the last of the launch.</summary>
    private static DeviceKernel? AddingOf(DeviceKernel kernel) => kernel switch
    {
        SumsKernel sums => sums.Adding,
        ProductSumsKernel sums => sums.Adding,
        _ => null,
    };

    private void AddAll(IEnumerable<DeviceProgram> routines)
    {
        foreach (DeviceProgram routine in routines)
        {
            foreach (Launch launch in routine.Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf))
            {
                ValueLabel[] labels = launch.Operands.Select(operand =>
                    operand.IsTemporary ? new ValueLabel("temporary", false) : routine.Source.Storages[operand.Storage].Label).ToArray();
                int inputs = KernelEmitter.InputsOf(launch.Kernel);
                kernels.Add(launch.Kernel.Printed, labels.Take(inputs).ToEquatable());
                if (AddingOf(launch.Kernel) is DeviceKernel adding)
                {
                    kernels.Add(adding.Printed, labels.Skip(inputs).ToEquatable());
                }
            }
        }
    }

    private void GiveNames()
    {
        UniqueNames names = new(separator: "");
        all.AddRange(kernels.All.Select(kernel =>
            new NamedKernel(kernel.Key, names.Numbered(Stem(kernel.Key, kernel.Words)), KernelFields.Of(kernel.Words))));
    }

    private static string Stem(DeviceKernel kernel, EquatableArray<ValueLabel> labels) =>
        kernel is PassKernel pass ? NamedKernel.Apart(PassStem.Of(pass.Program, labels)) : Stem(kernel);

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

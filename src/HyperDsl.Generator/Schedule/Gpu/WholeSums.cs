using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>A sum over examples that one launch makes as a whole is stored by it, so that no other has to set it to zero before.</summary>
internal sealed class WholeSums
{
    private readonly EquatableArray<Storage> storages;
    private readonly DeviceMemory memory;
    private readonly Launch[] launches;

    private WholeSums(DeviceProgram program)
    {
        (storages, memory) = (program.Source.Storages, new DeviceMemory(program.Source));
        launches = [.. program.Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
    }

    public static DeviceProgram Run(DeviceProgram program)
    {
        WholeSums sums = new(program);
        return program with { Phases = program.Phases.Select(sums.Stored).ToEquatable() };
    }

    /// <summary>A phase whose whole sums are stored, and which clears those that something else touches.</summary>
    private DevicePhase Stored(DevicePhase phase)
    {
        DeviceOperand[] whole = [.. phase.Steps.OfType<Launch>().SelectMany(launch => Whole(launch).Select(sum => Target(launch, sum)))];
        Storage[] cleared = [.. launches.SelectMany(launch => DeviceMemory.ReadBy(launch).Concat(DeviceMemory.WrittenBy(launch)))
            .Where(operand => !operand.IsTemporary && !memory.Overlap([operand], whole)).Select(operand => storages[operand.Storage])
            .Where(storage => storage.Place is Place.Lane or Place.LaneTotal && storage.Offset < phase.LaneOffset + phase.LaneSize
                && storage.Offset + storage.Size > phase.LaneOffset)];
        int begin = cleared.Select(storage => storage.Offset).DefaultIfEmpty(phase.LaneOffset).Min();
        int end = cleared.Select(storage => storage.Offset + storage.Size).DefaultIfEmpty(phase.LaneOffset).Max();
        return new DevicePhase(phase.Steps.Select(step => step is Launch launch ? Stored(launch) : step).ToEquatable(), begin, end - begin);
    }

    private Launch Stored(Launch launch) => Whole(launch) is not { Count: > 0 } whole ? launch : launch.Kernel switch
    {
        SumsKernel sums => launch with { Kernel = sums with { Stored = whole } },
        ProductSumsKernel sums => launch with { Kernel = sums with { Stored = whole } },
        _ => launch with { Adds = false },
    };

    /// <summary>Of the sums of a launch that is no part of a loop, those to which nothing else is added, and of which it makes every element.</summary>
    private EquatableArray<int> Whole(Launch launch)
    {
        int?[] elements = [.. Elements(launch)];
        return Enumerable.Range(0, elements.Length).Where(sum => IsWhole(Target(launch, sum), elements[sum])).ToEquatable();
    }

    private bool IsWhole(DeviceOperand target, int? elements) =>
        target is { IsTemporary: false, Offset: 0 } && storages[target.Storage] is { Place: Place.Lane or Place.LaneTotal } sum && elements == sum.Size
        && launches.Sum(other => DeviceMemory.WrittenBy(other).Count(written => memory.Overlap(written, target))) == 1;

    private static DeviceOperand Target(Launch launch, int sum) => launch.Kernel switch
    {
        SumsKernel sums => launch.Operands[sums.Inputs + sum],
        ProductSumsKernel sums => launch.Operands[sums.Inputs + sum],
        _ => launch.Target!,
    };

    /// <summary>How many elements each sum of a launch has that are added up over examples; <c>null</c> where that is not known.</summary>
    private static IEnumerable<int?> Elements(Launch launch) => launch.Kernel switch
    {
        SumsKernel sums => sums.Sums.Select(sum => (int?)SumsKernel.Elements(sum)),
        ProductSumsKernel sums => sums.Sums.Select(sum => sum.Places.IsInOrder ? sum.Places.Elements : (int?)null),
        ProductKernel product when launch is { Adds: true, AddsRowsUp: true } =>
            [ProductKernel.Count(product.Groups.Concat(product.Rows).Concat(product.Columns).ToEquatable())],
        SumKernel { OverSteps: false } sum when launch is { Adds: true, AddsRowsUp: true } => [SumsKernel.Elements(sum)],
        _ => [],
    };
}

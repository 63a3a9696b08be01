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
        DeviceOperand[] whole = [.. phase.Steps.OfType<Launch>().Where(IsWhole).Select(launch => launch.Target!)];
        Storage[] cleared = [.. launches.SelectMany(launch => DeviceMemory.ReadBy(launch).Concat(DeviceMemory.WrittenBy(launch)))
            .Where(operand => !operand.IsTemporary && !memory.Overlap([operand], whole)).Select(operand => storages[operand.Storage])
            .Where(storage => storage.Place is Place.Lane or Place.LaneTotal && storage.Offset < phase.LaneOffset + phase.LaneSize
                && storage.Offset + storage.Size > phase.LaneOffset)];
        int begin = cleared.Select(storage => storage.Offset).DefaultIfEmpty(phase.LaneOffset).Min();
        int end = cleared.Select(storage => storage.Offset + storage.Size).DefaultIfEmpty(phase.LaneOffset).Max();
        DeviceStep Step(DeviceStep step) => step is Launch launch && IsWhole(launch) ? launch with { Adds = false } : step;
        return new DevicePhase(phase.Steps.Select(Step).ToEquatable(), begin, end - begin);
    }

    /// <summary>Whether a launch, which is no part of a loop, adds to every element of a sum to which nothing else is added.</summary>
    private bool IsWhole(Launch launch) =>
        launch is { Adds: true, AddsRowsUp: true, Target: { IsTemporary: false, Offset: 0 } target }
        && storages[target.Storage] is { Place: Place.Lane or Place.LaneTotal } sum && Elements(launch.Kernel) == sum.Size
        && launches.Count(other => memory.Overlap(DeviceMemory.WrittenBy(other), [target])) == 1;

    private static int? Elements(DeviceKernel kernel) => kernel switch
    {
        ProductKernel product => ProductKernel.Count(product.Groups.Concat(product.Rows).Concat(product.Columns).ToEquatable()),
        SumKernel { OverSteps: false } sum => SumsKernel.Elements(sum),
        _ => null,
    };
}

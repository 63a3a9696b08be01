using System.Runtime.CompilerServices;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// What launches read and write. Temporary values share memory when they do not live at the same time, so two storages may be the same place.
/// </summary>
internal sealed class DeviceMemory(RoutineProgram program)
{
    private readonly ConditionalWeakTable<DeviceStep, Footprint> footprints = new();

    /// <summary>A piece of memory, for one row where there is one for each.</summary>
    private readonly record struct Range(Place? Place, int Begin, int End)
    {
        public bool Meets(Range other) => Place == other.Place && Begin < other.End && other.Begin < End;
    }

    /// <summary>What a step reads and writes. Steps are asked about in pairs, thousands of times.</summary>
    private sealed class Footprint(Range[] read, Range[] written)
    {
        private readonly Range[] read = read;
        private readonly Range[] written = written;

        public bool Conflicts(Footprint other) => Meet(written, other.read) || Meet(written, other.written) || Meet(read, other.written);

        private static bool Meet(Range[] some, Range[] others)
        {
            foreach (Range range in some)
            {
                foreach (Range other in others)
                {
                    if (range.Meets(other))
                    {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /// <summary>Whether a value can be left out where nothing reads it: not what a caller or a later call finds.</summary>
    public bool IsPrivate(DeviceOperand operand) =>
        operand.IsTemporary || program.Storages[operand.Storage].Place is Place.Scratch or Place.Sequence or Place.Batch or Place.BatchSequence or Place.Shared;

    /// <summary>The launches of a step.</summary>
    public static IEnumerable<Launch> LaunchesOf(DeviceStep step) => step switch
    {
        Launch launch => [launch],
        DeviceLoop loop => loop.Body.SelectMany(LaunchesOf),
        _ => throw new InvalidOperationException($"It is not known what a step '{step.GetType().Name}' reads and writes."),
    };

    /// <summary>What a launch is given.</summary>
    public static IEnumerable<DeviceOperand> TouchedBy(Launch launch) =>
        launch.Target is DeviceOperand target ? launch.Operands.Append(target) : launch.Operands;

    /// <summary>How often launches are given a storage, by its number; -1 counts temporaries.</summary>
    public static Dictionary<int, int> UsesIn(IEnumerable<DeviceStep> steps) => steps.SelectMany(LaunchesOf).SelectMany(TouchedBy)
        .GroupBy(operand => operand.Storage).ToDictionary(group => group.Key, group => group.Count());

    public static IEnumerable<DeviceOperand> ReadBy(Launch launch)
    {
        IEnumerable<DeviceOperand> read = launch.Operands.Where((_, operand) => launch.Kernel.Reads(operand));
        return launch is { Target: DeviceOperand target, Adds: true } ? read.Append(target) : read;
    }

    public static IEnumerable<DeviceOperand> WrittenBy(Launch launch)
    {
        IEnumerable<DeviceOperand> written = launch.Operands.Where((_, operand) => launch.Kernel.Writes(operand));
        if (launch.Kernel is LoopKernel { RoomSize: > 0 })
        {
            written = written.Append(DeviceOperand.Temporary(0));
        }
        return launch.Target is DeviceOperand target ? written.Append(target) : written;
    }

    /// <summary>Whether the order of two steps matters: one writes what the other reads or writes.</summary>
    public bool Conflict(DeviceStep first, DeviceStep second) => FootprintOf(first).Conflicts(FootprintOf(second));

    public bool Overlap(IEnumerable<DeviceOperand> some, IEnumerable<DeviceOperand> others) => some.Any(a => others.Any(b => Overlap(a, b)));

    public bool Overlap(DeviceOperand a, DeviceOperand b) => RangeOf(a).Meets(RangeOf(b));

    private Footprint FootprintOf(DeviceStep step)
    {
        if (!footprints.TryGetValue(step, out Footprint? known))
        {
            known = new Footprint(
                [.. LaunchesOf(step).SelectMany(ReadBy).Select(RangeOf).Distinct()], [.. LaunchesOf(step).SelectMany(WrittenBy).Select(RangeOf).Distinct()]);
            footprints.Add(step, known);
        }
        return known;
    }

    private Range RangeOf(DeviceOperand operand)
    {
        if (operand.IsTemporary)
        {
            return new Range(null, operand.Offset, operand.Offset + 1);
        }
        Storage storage = program.Storages[operand.Storage];
        // Callers' buffers have numbers instead of places.
        bool numbered = storage.Place is Place.RealInput or Place.IndexInput or Place.Output;
        return new Range(
            storage.Place == Place.LaneTotal ? Place.Lane : storage.Place, storage.Offset, storage.Offset + (numbered ? 1 : storage.Size));
    }
}

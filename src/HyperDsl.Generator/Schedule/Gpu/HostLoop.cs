using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A loop over time that the host keeps. Products whose weights one multiprocessor would read for too long are launches of tiles on the whole
/// device, with passes that follow at once in their epilogues; everything between them is one kernel in which a group of threads does a few examples.
/// </summary>
internal sealed class HostLoop
{
    private readonly DeviceProgram program;
    private readonly Launch[] body;
    private readonly HashSet<int> readBehind;
    private readonly Dictionary<int, int> touching;

    private HostLoop(DeviceProgram program, DeviceLoop loop)
    {
        this.program = program;
        body = loop.Body.Cast<Launch>().ToArray();
        readBehind = LoopsOnDevice.ReadOutside(program, loop);
        touching = body.SelectMany(LoopKernelBuilder.Storages).GroupBy(storage => storage).ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>What a step launches.</summary>
    public IReadOnlyList<LoopSegment> Segments { get; private init; } = [];

    /// <param name="program">The routine.</param>
    /// <param name="loop">One of its loops.</param>
    public static HostLoop Of(DeviceProgram program, DeviceLoop loop)
    {
        HostLoop host = new(program, loop);
        GrowingStorages apart = new(program.Source);
        // Values of one step get room of their own, so that launches wait for what they need only.
        apart.Separate(host.OfOneStep(apart));
        RoutineProgram source = apart.Of(program.Source);
        DeviceMemory memory = new(source);
        IReadOnlyList<LoopSegment> segments = LoopSegments.Of(
            host.body, memory, launch => LoopKernelBuilder.IsOfOwnRows(apart.All, launch) && !LoopSizes.NeedsDevice(launch));
        IEnumerable<LoopSegment> fused = Fused(segments, new FuseProducts(program with { Source = source }), memory);
        return new HostLoop(program, loop)
        {
            Segments = [.. fused.Where(segment => segment.Launches.Count > 0).Select(segment => host.Kept(segment, apart.All))],
        };
    }

    /// <summary>The loop with a launch for each segment of rows.</summary>
    /// <param name="storages">Storages of the routine; values that several launches share get room of their own.</param>
    /// <param name="weights">Where weights get the layout that kernels of rows read.</param>
    public DeviceLoop Launches(bool fromLast, GrowingStorages storages, TransposedWeights weights)
    {
        int[][] touched = [.. Segments.Select(segment => segment.Launches.SelectMany(LoopKernelBuilder.Storages).Distinct().ToArray())];
        storages.Separate(OfOneStep(storages).Where(storage =>
            touched.Count(segment => segment.Contains(storage)) > 1 || Segments.Where((segment, i) => !segment.OfRows && touched[i].Contains(storage)).Any()));
        return new DeviceLoop(
            Segments.SelectMany<LoopSegment, DeviceStep>(segment => segment.OfRows
                ? [Kernel([.. segment.Launches.Select(weights.Arranged)], storages.All)!]
                : segment.Launches).ToEquatable(),
            fromLast);
    }

    private IEnumerable<int> OfOneStep(GrowingStorages storages) => [.. body.SelectMany(LoopKernelBuilder.Storages).Distinct()
        .Where(storage => LoopKernelBuilder.IsOfOneStep(storages.All, body, readBehind, storage))];

    /// <summary>A segment of rows, if it is more than one launch and can be one kernel.</summary>
    private LoopSegment Kept(LoopSegment segment, IReadOnlyList<Storage> storages) =>
        segment with { OfRows = segment.OfRows && segment.Launches.Count > 1 && Kernel([.. segment.Launches], storages) is not null };

    private Launch? Kernel(Launch[] launches, IReadOnlyList<Storage> storages)
    {
        // What others write a part of cannot be the group's alone either.
        int TouchingHere(int storage) => launches.Count(launch => LoopKernelBuilder.Storages(launch).Contains(storage));
        HashSet<int> readElsewhere = [.. readBehind, .. touching.Where(count => count.Value > TouchingHere(count.Key)).Select(count => count.Key)];
        return LoopKernelBuilder.Build(storages, launches, StepOrder.Single, readElsewhere);
    }

    /// <summary>Passes that need nothing but the products before them are taken into these.</summary>
    private static IEnumerable<LoopSegment> Fused(IReadOnlyList<LoopSegment> segments, FuseProducts fuse, DeviceMemory memory)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].OfRows || i + 1 == segments.Count)
            {
                yield return segments[i];
                continue;
            }
            Launch[] rows = [.. segments[i + 1].Launches];
            bool[] leads = Leading(rows, memory);
            EquatableArray<DeviceStep> fused = fuse.Fused(
                segments[i].Launches.Concat(rows.Where((_, row) => leads[row])).Cast<DeviceStep>().ToEquatable());
            DeviceStep[] onDevice = OnDevice(fused, [.. rows.Where((_, row) => leads[row])], memory);
            yield return new LoopSegment(false, onDevice.Cast<Launch>().ToEquatable());
            bool IsLeft(Launch launch) => fused.Any(step => ReferenceEquals(step, launch)) && !onDevice.Any(step => ReferenceEquals(step, launch));
            yield return new LoopSegment(true, rows.Where((launch, row) => !leads[row] || IsLeft(launch)).ToEquatable());
            i++;
        }
    }

    /// <summary>Products with what they took, and passes that these must not run before.</summary>
    private static DeviceStep[] OnDevice(EquatableArray<DeviceStep> fused, Launch[] passes, DeviceMemory memory)
    {
        List<DeviceStep> onDevice = [];
        foreach (DeviceStep step in fused.Reverse())
        {
            if (!passes.Any(pass => ReferenceEquals(pass, step)) || onDevice.Any(later => memory.Conflict(step, later)))
            {
                onDevice.Insert(0, step);
            }
        }
        return [.. onDevice];
    }

    /// <summary>Element-wise passes that can run before everything else.</summary>
    private static bool[] Leading(Launch[] rows, DeviceMemory memory)
    {
        bool[] leads = new bool[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            leads[i] = rows[i] is { Kernel: PassKernel { WalksRows: false }, Temporaries.Count: 0 }
                && !Enumerable.Range(0, i).Any(before => !leads[before] && memory.Conflict(rows[before], rows[i]));
        }
        return leads;
    }
}

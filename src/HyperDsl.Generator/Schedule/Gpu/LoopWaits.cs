using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Where threads of a group wait for each other. Parts spread a group's rows over its threads each in its own way, so a part waits if
/// since the last wait somebody wrote what it touches, or read what it writes. Parts that have nothing to do with each other run on.
/// </summary>
internal static class LoopWaits
{
    /// <param name="parts">Parts of a step; threads wait before the first of them.</param>
    /// <param name="accesses">What each part reads and writes, as indices of buffers.</param>
    /// <param name="buffers">The buffers.</param>
    public static EquatableArray<LoopPart> Place(
        IReadOnlyList<LoopPart> parts, IReadOnlyList<(int[] Read, int[] Written)> accesses, IReadOnlyList<LoopBuffer> buffers)
    {
        HashSet<int> read = [];
        HashSet<int> written = [];
        LoopPart[] placed = new LoopPart[parts.Count];
        for (int i = 0; i < placed.Length; i++)
        {
            (int[] reads, int[] writes) = accesses[i];
            bool waits = Touch(written, reads.Concat(writes), buffers) || Touch(read, writes, buffers);
            if (waits)
            {
                read.Clear();
                written.Clear();
            }
            read.UnionWith(reads);
            written.UnionWith(writes);
            placed[i] = parts[i] with { Waits = waits };
        }
        return placed.ToEquatable();
    }

    private static bool Touch(IEnumerable<int> earlier, IEnumerable<int> later, IReadOnlyList<LoopBuffer> buffers) =>
        earlier.Any(a => later.Any(b => a == b || LoopBuffer.Overlap(buffers[a], buffers[b])));
}

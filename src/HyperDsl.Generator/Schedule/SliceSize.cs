using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Schedule;

/// <summary>How many examples a worker takes at a time: known at compile time, because sums over examples are cut by it.</summary>
internal static class SliceSize
{
    // A slice's temporaries should stay in a core's second-level cache (1 MB on the machines measured, 512 KB on older ones).
    private const int ScratchBudget = 192 * 1024;

    /// <summary>16 rows keep a matrix kernel at its peak (docs/architecture.md).</summary>
    private const int Rows = 16;

    /// <summary>Rows of a loop whose weights do not stay in a cache.</summary>
    private const int RowsForFarWeights = 64;

    // About what one of several cores can call its own of a third-level cache.
    private const long NearBytes = 8 << 20;

    /// <summary>
    /// Rows of a slice. A loop reads all its weights again at every step of a slice: with few rows that, not arithmetic, is what it
    /// waits for.
    /// </summary>
    /// <param name="graph">The routine.</param>
    /// <param name="usage">Who reads what.</param>
    /// <param name="fusion">Its steps.</param>
    /// <param name="scratchPerExample">Elements of temporaries for an example.</param>
    public static int Choose(Graph graph, Usage usage, Fusion fusion, int scratchPerExample)
    {
        if (graph.Nodes.Any(node => node.Operation is LoopState))
        {
            return WeightBytes(graph, usage, fusion) > NearBytes ? RowsForFarWeights : Rows;
        }
        int rows = Rows;
        while (rows > 1 && (long)rows * scratchPerExample > ScratchBudget)
        {
            rows /= 2;
        }
        return rows;
    }

    /// <summary>Bytes that do not vary with the example and are read at every step, of the loop that reads most.</summary>
    private static long WeightBytes(Graph graph, Usage usage, Fusion fusion) => graph.Nodes
        .Where(node => fusion.Makers[node.Id] is { Varies: false })
        .SelectMany(node => usage.ReadersOf(node.Id).Select(reader => reader.Loop).Where(loop => loop != 0).Distinct()
            .Select(loop => (Loop: loop, Bytes: (long)node.Shape.Count * sizeof(float))))
        .GroupBy(read => read.Loop, read => read.Bytes)
        .Select(loop => loop.Sum())
        .DefaultIfEmpty(0)
        .Max();
}

using HyperDsl.Execution;

namespace HyperDsl.Benchmarks;

/// <summary>Cuts a kernel's work for several threads, as slices of a batch are dealt to workers.</summary>
public static class Pieces
{
    private static readonly Dictionary<int, WorkerPool> Pools = [];

    /// <summary>Runs every piece on a thread of its own.</summary>
    /// <param name="threads">The number of pieces.</param>
    /// <param name="length">What is cut.</param>
    /// <param name="piece">Given the piece's index, its beginning and its length.</param>
    public static void Run(int threads, int length, Action<int, int, int> piece)
    {
        if (!Pools.TryGetValue(threads, out WorkerPool? pool))
        {
            pool = new WorkerPool(threads);
            Pools.Add(threads, pool);
        }

        pool.Run(threads, (index, _) =>
        {
            int first = length * index / threads;
            piece(index, first, (length * (index + 1) / threads) - first);
        });
    }
}

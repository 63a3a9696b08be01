namespace HyperDsl.Cpu;

/// <summary>
/// Threads that have nothing to do as long as the current thread computes alone, as with a batch of a single slice: one character after
/// another, for example. Large products share their columns or rows with them (<see cref="Gemm"/>).
/// </summary>
internal static class IdleThreads
{
    [ThreadStatic]
    private static Action<int, Action<int, int>>? run;

    [ThreadStatic]
    private static int count;

    /// <summary>How many threads can share work now, with the current one; 1 if none is idle.</summary>
    public static int Count => run is null ? 1 : count;

    /// <summary>Lets what the current thread computes share work.</summary>
    /// <param name="threads">Threads that share, with this one.</param>
    /// <param name="sharing">
    /// Calls its second argument with every number from 0 to the first one − 1, on any of the threads, and returns when all are done.
    /// </param>
    public static void Offer(int threads, Action<int, Action<int, int>> sharing) => (count, run) = (threads, sharing);

    /// <summary>Ends what <see cref="Offer"/> began.</summary>
    public static void Withdraw() => run = null;

    /// <summary>Shares items among the threads. Inside, none is idle.</summary>
    public static void Share(int items, Action<int, int> body)
    {
        var sharing = run!;
        run = null;
        try
        {
            sharing(items, body);
        }
        finally
        {
            run = sharing;
        }
    }
}

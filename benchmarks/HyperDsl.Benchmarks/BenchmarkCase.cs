namespace HyperDsl.Benchmarks;

/// <summary>The same work done by HyperDsl and by a rival. Constructing a case allocates its data.</summary>
public abstract class BenchmarkCase : IDisposable
{
    /// <summary>What the rival is, without its number of threads.</summary>
    public abstract string Rival { get; }

    /// <summary>What else HyperDsl is compared with.</summary>
    public virtual IReadOnlyList<FurtherRival> FurtherRivals => [];

    /// <summary>Floating-point operations of one run; 0 where they are not what is measured.</summary>
    public abstract double Operations { get; }

    /// <summary>Numbers of threads that each side is measured with.</summary>
    public virtual IReadOnlyList<int> ThreadCounts => [1, 2];

    /// <summary>Runs HyperDsl's side once.</summary>
    /// <param name="threads">How many threads to use.</param>
    public abstract void RunOurs(int threads);

    /// <summary>Runs the rival once.</summary>
    public abstract void RunRival();

    /// <summary>Sets the rival's number of threads; not part of the measured time.</summary>
    /// <param name="threads">How many threads to use.</param>
    public virtual void SetRivalThreads(int threads) => TorchSharp.torch.set_num_threads(threads);

    /// <summary>The largest difference between the two sides' results over the largest result, after a run of each; null where
    /// the sides compute different things.</summary>
    public abstract double? RelativeDifference();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the case allocated.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

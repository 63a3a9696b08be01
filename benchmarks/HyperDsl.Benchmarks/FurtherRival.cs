namespace HyperDsl.Benchmarks;

/// <summary>A second way to do a case's work without HyperDsl.</summary>
/// <param name="Name">What it is, without its number of threads.</param>
/// <param name="Run">Runs it once.</param>
/// <param name="RelativeDifference">
/// The largest difference to HyperDsl's results over the largest result, after a run of each; null where the two compute different things.
/// </param>
public sealed record FurtherRival(string Name, Action Run, Func<double?> RelativeDifference)
{
    /// <summary>Numbers of threads that it runs with, where they are not those of the case.</summary>
    public IReadOnlyList<int>? ThreadCounts { get; init; }
}

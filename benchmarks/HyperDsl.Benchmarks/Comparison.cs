using System.Diagnostics;

namespace HyperDsl.Benchmarks;

/// <summary>Measures all sides of a case alternately in this process, so that all meet the same machine.</summary>
public static class Comparison
{
    private const int LeastSamples = 3;

    /// <summary>Compares HyperDsl with all rivals of a case.</summary>
    /// <param name="named">The case.</param>
    /// <param name="seconds">How long to sample.</param>
    /// <returns>One result a rival.</returns>
    public static IReadOnlyList<ComparisonResult> Run(NamedCase named, double seconds)
    {
        using BenchmarkCase work = named.Make();
        FurtherRival[] rivals = [new(work.Rival, work.RunRival, work.RelativeDifference), .. work.FurtherRivals];
        Timing[] ours = [.. Possible(work.ThreadCounts).Select(threads => new Timing(threads, () => { }, () => work.RunOurs(threads)))];
        Timing[][] theirs = [.. rivals.Select(rival => Possible(rival.ThreadCounts ?? work.ThreadCounts).Select(threads =>
            new Timing(threads, () => work.SetRivalThreads(threads), rival.Run)).ToArray())];

        List<Timing> alternating = [.. theirs.Prepend(ours).SelectMany(timings => timings).OrderBy(timing => timing.Threads)];
        alternating.ForEach(timing => timing.WarmUp());
        Dictionary<int, FusedMultiplyAddPeak> peaks = work.Operations == 0 ? [] : ours.ToDictionary(
            timing => timing.Threads, timing => new FusedMultiplyAddPeak(timing.Threads));
        Array.ForEach(ours, timing => peaks.GetValueOrDefault(timing.Threads)?.WarmUp(timing.SampleMilliseconds));
        double?[] differences = [.. rivals.Select(rival => rival.RelativeDifference())];

        long begin = Stopwatch.GetTimestamp();
        do
        {
            alternating.ForEach(timing => timing.Sample());
            peaks.Values.ToList().ForEach(peak => peak.Sample());
        }
        while (alternating[0].Count < LeastSamples || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);

        Timing our = Timing.Fastest(ours);
        var speed = Speed.Of(our, work.Operations, peaks.GetValueOrDefault(our.Threads));
        return [.. rivals.Select((rival, index) => new ComparisonResult(
            named.Name, rival.Name, our, Timing.Fastest(theirs[index]), speed, differences[index]))];
    }

    private static IEnumerable<int> Possible(IReadOnlyList<int> counts) => counts.Where(count => count <= Environment.ProcessorCount);
}

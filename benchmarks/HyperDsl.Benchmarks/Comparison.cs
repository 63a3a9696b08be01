using System.Diagnostics;

namespace HyperDsl.Benchmarks;

/// <summary>Measures both sides of a case alternately in this process, so that both meet the same machine.</summary>
public static class Comparison
{
    private const int LeastSamples = 3;

    /// <summary>Compares the two sides of a case.</summary>
    /// <param name="named">The case.</param>
    /// <param name="seconds">How long to sample.</param>
    public static ComparisonResult Run(NamedCase named, double seconds)
    {
        using BenchmarkCase work = named.Make();
        List<Timing> ours = [];
        List<Timing> rivals = [];
        foreach (int threads in work.ThreadCounts.Where(count => count <= Environment.ProcessorCount))
        {
            ours.Add(new Timing(threads, () => { }, () => work.RunOurs(threads)));
            rivals.Add(new Timing(threads, () => work.SetRivalThreads(threads), work.RunRival));
        }

        List<Timing> alternating = [.. ours.Zip(rivals).SelectMany(pair => new[] { pair.First, pair.Second })];
        alternating.ForEach(timing => timing.WarmUp());
        double? difference = work.RelativeDifference();

        long begin = Stopwatch.GetTimestamp();
        do
        {
            alternating.ForEach(timing => timing.Sample());
        }
        while (alternating[0].Count < LeastSamples || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds);

        Timing our = Timing.Fastest(ours);
        Timing rival = Timing.Fastest(rivals);
        double gigaflops = work.Operations / our.Best / 1e6;
        double share = work.Operations == 0 ? 0 : gigaflops / FusedMultiplyAddPeak.GigaflopsOf(our.Threads);
        return new ComparisonResult(named.Name, work.Rival, our, rival, gigaflops, share, difference);
    }
}

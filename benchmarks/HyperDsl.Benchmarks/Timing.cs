using System.Diagnostics;

namespace HyperDsl.Benchmarks;

/// <summary>The times of one contestant: a side with a number of threads.</summary>
/// <param name="threads">Its number of threads.</param>
/// <param name="select">Called before it runs.</param>
/// <param name="run">One run.</param>
public sealed class Timing(int threads, Action select, Action run)
{
    // A sample shorter than this would measure the clock; one much longer would meet other processes.
    private const double LeastMilliseconds = 4;

    // Worker threads of the other side spin for a few milliseconds before they sleep.
    private static readonly TimeSpan RestBetweenContestants = TimeSpan.FromMilliseconds(8);

    private readonly List<double> samples = [];
    private int runsPerSample = 1;
    private double millisecondsPerRun;

    /// <summary>The number of threads.</summary>
    public int Threads => threads;

    /// <summary>The fastest sample, in milliseconds a run.</summary>
    public double Best => samples.Min();

    /// <summary>The median sample, in milliseconds a run.</summary>
    public double Median => samples.Order().ElementAt(samples.Count / 2);

    /// <summary>How long a sample takes, found while warming up.</summary>
    public double SampleMilliseconds => runsPerSample * millisecondsPerRun;

    /// <summary>The number of samples.</summary>
    public int Count => samples.Count;

    /// <summary>Runs until compiled and cached, and finds how many runs make a sample.</summary>
    public void WarmUp()
    {
        select();
        long begin = Stopwatch.GetTimestamp();
        double fastest = double.MaxValue;
        for (int i = 0; i < 3 || (i < 40 && Stopwatch.GetElapsedTime(begin).TotalMilliseconds < 300); i++)
        {
            fastest = Math.Min(fastest, Measure(1));
        }

        millisecondsPerRun = fastest;
        runsPerSample = Math.Clamp((int)Math.Ceiling(LeastMilliseconds / Math.Max(fastest, 1e-4)), 1, 10_000);
    }

    /// <summary>Takes one sample.</summary>
    public void Sample()
    {
        Thread.Sleep(RestBetweenContestants);
        select();
        run();
        samples.Add(Measure(runsPerSample));
    }

    /// <summary>The contestant with the best time.</summary>
    /// <param name="timings">At least one contestant with a sample.</param>
    public static Timing Fastest(IEnumerable<Timing> timings) => timings.MinBy(timing => timing.Best)!;

    private double Measure(int runs)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
        {
            run();
        }

        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds / runs;
    }
}

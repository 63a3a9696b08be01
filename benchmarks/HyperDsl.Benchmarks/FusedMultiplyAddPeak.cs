using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Benchmarks;

/// <summary>
/// The speed of fused multiply-adds that never leave registers, measured between the contestants and for as long as one of them runs: on a
/// shared machine a stretch of milliseconds finds a quiet moment that one of half a second does not.
/// </summary>
/// <param name="threads">How many threads run at the same time.</param>
public sealed class FusedMultiplyAddPeak(int threads)
{
    private const long StepsOfWarmUp = 200_000;

    // A shorter one would measure how threads begin.
    private const double LeastMilliseconds = 20;

    private readonly List<double> samples = [];
    private long steps = StepsOfWarmUp;

    /// <summary>GFLOP/s of all threads together, the best sample.</summary>
    public double Best => samples.Max();

    /// <summary>GFLOP/s of all threads together, the median sample.</summary>
    public double Median => samples.Order().ElementAt(samples.Count / 2);

    /// <summary>Runs until compiled, and finds how many steps take so long, or 20 ms.</summary>
    /// <param name="milliseconds">The length of a contestant's sample.</param>
    public void WarmUp(double milliseconds)
    {
        double fastest = Enumerable.Range(0, 5).Min(_ => Measure(StepsOfWarmUp));
        steps = (long)(StepsOfWarmUp * Math.Max(LeastMilliseconds, milliseconds) / fastest);
    }

    /// <summary>Takes one sample.</summary>
    public void Sample() => samples.Add(2.0 * steps * Accumulators * Vector512<float>.Count * threads / Measure(steps) / 1e6);

    /// <summary>Milliseconds of the slowest thread.</summary>
    private double Measure(long steps)
    {
        using var start = new Barrier(threads);
        double[] milliseconds = new double[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            long begin = Stopwatch.GetTimestamp();
            float sum = Loop(steps);
            milliseconds[index] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            GC.KeepAlive(sum);
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return milliseconds.Max();
    }

    // As many chains as hide the latency of two units without leaving the registers: 32 of 512 bits, or 16 of 256.
    private static int Accumulators => Vector512.IsHardwareAccelerated ? 12 : 6;

    private static float Loop(long steps) => Vector512.IsHardwareAccelerated ? TwelveChains(steps) : SixChains(steps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float TwelveChains(long steps)
    {
        Vector512<float> scale = Vector512.Create(0.875f), shift = Vector512.Create(0.25f);
        Vector512<float> c0 = shift, c1 = shift, c2 = shift, c3 = shift, c4 = shift, c5 = shift;
        Vector512<float> c6 = shift, c7 = shift, c8 = shift, c9 = shift, c10 = shift, c11 = shift;
        for (long i = 0; i < steps; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, scale, shift);
            c1 = Vector512.FusedMultiplyAdd(c1, scale, shift);
            c2 = Vector512.FusedMultiplyAdd(c2, scale, shift);
            c3 = Vector512.FusedMultiplyAdd(c3, scale, shift);
            c4 = Vector512.FusedMultiplyAdd(c4, scale, shift);
            c5 = Vector512.FusedMultiplyAdd(c5, scale, shift);
            c6 = Vector512.FusedMultiplyAdd(c6, scale, shift);
            c7 = Vector512.FusedMultiplyAdd(c7, scale, shift);
            c8 = Vector512.FusedMultiplyAdd(c8, scale, shift);
            c9 = Vector512.FusedMultiplyAdd(c9, scale, shift);
            c10 = Vector512.FusedMultiplyAdd(c10, scale, shift);
            c11 = Vector512.FusedMultiplyAdd(c11, scale, shift);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SixChains(long steps)
    {
        Vector512<float> scale = Vector512.Create(0.875f), shift = Vector512.Create(0.25f);
        Vector512<float> c0 = shift, c1 = shift, c2 = shift, c3 = shift, c4 = shift, c5 = shift;
        for (long i = 0; i < steps; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, scale, shift);
            c1 = Vector512.FusedMultiplyAdd(c1, scale, shift);
            c2 = Vector512.FusedMultiplyAdd(c2, scale, shift);
            c3 = Vector512.FusedMultiplyAdd(c3, scale, shift);
            c4 = Vector512.FusedMultiplyAdd(c4, scale, shift);
            c5 = Vector512.FusedMultiplyAdd(c5, scale, shift);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5);
    }
}

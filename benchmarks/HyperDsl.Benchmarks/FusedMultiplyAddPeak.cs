using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Benchmarks;

/// <summary>The highest speed of fused multiply-adds that never leave registers, measured on this machine.</summary>
public static class FusedMultiplyAddPeak
{
    private const int Steps = 2_000_000;
    private static readonly Dictionary<int, double> Measured = [];

    /// <summary>GFLOP/s of <paramref name="threads"/> threads together, the best of several tries; measured once a count.</summary>
    /// <param name="threads">How many threads run at the same time.</param>
    public static double GigaflopsOf(int threads)
    {
        if (!Measured.TryGetValue(threads, out double peak))
        {
            peak = Enumerable.Range(0, 12).Max(_ => Measure(threads));
            Measured.Add(threads, peak);
        }

        return peak;
    }

    private static double Measure(int threads)
    {
        using var start = new Barrier(threads);
        double[] milliseconds = new double[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            Loop(Steps / 100);
            start.SignalAndWait();
            long begin = Stopwatch.GetTimestamp();
            float sum = Loop(Steps);
            milliseconds[index] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            GC.KeepAlive(sum);
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        double operations = 2.0 * Steps * Accumulators * Vector512<float>.Count * threads;
        return operations / milliseconds.Max() / 1e6;
    }

    // As many chains as hide the latency of two units without leaving the registers: 32 of 512 bits, or 16 of 256.
    private static int Accumulators => Vector512.IsHardwareAccelerated ? 12 : 6;

    private static float Loop(int steps) => Vector512.IsHardwareAccelerated ? TwelveChains(steps) : SixChains(steps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float TwelveChains(int steps)
    {
        Vector512<float> scale = Vector512.Create(0.875f), shift = Vector512.Create(0.25f);
        Vector512<float> c0 = shift, c1 = shift, c2 = shift, c3 = shift, c4 = shift, c5 = shift;
        Vector512<float> c6 = shift, c7 = shift, c8 = shift, c9 = shift, c10 = shift, c11 = shift;
        for (int i = 0; i < steps; i++)
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
    private static float SixChains(int steps)
    {
        Vector512<float> scale = Vector512.Create(0.875f), shift = Vector512.Create(0.25f);
        Vector512<float> c0 = shift, c1 = shift, c2 = shift, c3 = shift, c4 = shift, c5 = shift;
        for (int i = 0; i < steps; i++)
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

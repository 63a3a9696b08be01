namespace HyperDsl.Benchmarks;

/// <summary>How fast HyperDsl computes, beside the fastest that the machine does.</summary>
/// <param name="Gigaflops">GFLOP/s of the best sample.</param>
/// <param name="PeakShare">That over the best sample of the peak.</param>
/// <param name="MedianPeakShare">GFLOP/s of the median sample over the median of the peak.</param>
public sealed record Speed(double Gigaflops, double PeakShare, double MedianPeakShare)
{
    /// <param name="ours">HyperDsl's fastest contestant.</param>
    /// <param name="operations">Floating-point operations of one run; 0 where they are not counted.</param>
    /// <param name="peak">The peak of as many threads; null where operations are not counted.</param>
    public static Speed Of(Timing ours, double operations, FusedMultiplyAddPeak? peak)
    {
        double best = operations / ours.Best / 1e6;
        return peak is null ? new(best, 0, 0) : new(best, best / peak.Best, operations / ours.Median / 1e6 / peak.Median);
    }
}

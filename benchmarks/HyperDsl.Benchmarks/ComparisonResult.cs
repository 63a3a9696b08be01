using System.Globalization;
using System.Text.Json.Serialization;

namespace HyperDsl.Benchmarks;

/// <summary>What a comparison found. Serialised, it has exactly the members named below.</summary>
/// <param name="name">The case.</param>
/// <param name="rivalName">The rival.</param>
/// <param name="ours">HyperDsl's fastest contestant.</param>
/// <param name="rival">The rival's fastest contestant.</param>
/// <param name="speed">HyperDsl's speed, and its share of the peak.</param>
/// <param name="difference">Relative difference of the results; null where they are not of the same computation.</param>
public sealed class ComparisonResult(
    string name, string rivalName, Timing ours, Timing rival, Speed speed, double? difference)
{
    /// <summary>The case's name.</summary>
    [JsonPropertyName("case")]
    public string Case => name;

    /// <summary>The rival, with its best number of threads.</summary>
    [JsonPropertyName("rival")]
    public string Rival => $"{rivalName}, {Count(rival.Threads)}";

    /// <summary>Best time of HyperDsl.</summary>
    [JsonPropertyName("hyperdsl_ms")]
    public double OurMilliseconds => Math.Round(ours.Best, 5);

    /// <summary>Best time of the rival.</summary>
    [JsonPropertyName("rival_ms")]
    public double RivalMilliseconds => Math.Round(rival.Best, 5);

    /// <summary>How many times faster HyperDsl is.</summary>
    [JsonPropertyName("ratio")]
    public double Ratio => Math.Round(rival.Best / ours.Best, 3);

    /// <summary>HyperDsl's speed in GFLOP/s.</summary>
    [JsonPropertyName("gflops")]
    public double Gigaflops => Math.Round(speed.Gigaflops, 2);

    /// <summary>The share of the peak that a register-only loop of fused multiply-adds reaches with as many threads.</summary>
    [JsonPropertyName("peak_share")]
    public double PeakShare => Math.Round(speed.PeakShare, 4);

    /// <summary>One line for people: the serialised members in order, then medians and the check of the results.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case}, {Rival}, {OurMilliseconds} ms ({Count(ours.Threads)}), {RivalMilliseconds} ms, {Ratio} x, {Gigaflops} GFLOP/s, "
        + $"{PeakShare:P1} of peak; medians {ours.Median:G5} and {rival.Median:G5} ms, {speed.MedianPeakShare:P1} of peak; {Agreement}");

    private string Agreement => difference is double found
        ? string.Create(CultureInfo.InvariantCulture, $"results differ by {found:E1}")
        : "results are not comparable";

    private static string Count(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";
}

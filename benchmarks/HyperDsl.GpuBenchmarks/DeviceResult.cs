using System.Globalization;

namespace HyperDsl.GpuBenchmarks;

/// <summary>What was found of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Parameters">Trained parameters.</param>
/// <param name="Launches">Kernels of one training step.</param>
/// <param name="Best">The fastest sample, milliseconds a training step.</param>
/// <param name="Median">The median sample.</param>
/// <param name="DeviceBytes">Memory of the device that the model and its training take.</param>
/// <param name="Difference">
/// The largest difference of a gradient's element from this processor's, over the largest element; of the loss, where that is more.
/// </param>
/// <param name="Tolerance">What rounding may make of it.</param>
public sealed record DeviceResult(
    DeviceCase Case, int Parameters, long Launches, double Best, double Median, long DeviceBytes, double Difference, double Tolerance)
{
    private const double Mebibyte = 1 << 20;

    /// <summary>The head of the table.</summary>
    public const string Head = """
        | case | parameters | examples | steps | launches | ms a step, best | median | examples/s | MiB | differs from the processor by |
        |---|---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>Whether the device computes what this processor computes.</summary>
    public bool Agrees => Difference <= Tolerance;

    /// <summary>A line of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Case.Name} | {Parameters:N0} | {Case.Examples} | {Case.Steps} | {Launches} | {Best:0.000} | {Median:0.000} "
        + $"| {Case.Examples / Best * 1000:N0} | {DeviceBytes / Mebibyte:0.0} | {Difference:0.0e+0}{(Agrees ? "" : $", MORE THAN {Tolerance:0.0e+0}")} |");
}

using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>Gradient of a weight [rows, columns]: the transpose of activations [examples, rows] times gradients [examples, columns].</summary>
public sealed unsafe class WeightGradientCase : BenchmarkCase
{
    private readonly int rows;
    private readonly int columns;
    private readonly int examples;
    private readonly AlignedArray activations;
    private readonly AlignedArray gradients;
    private readonly AlignedArray result;
    private readonly torch.Tensor torchActivations;
    private readonly torch.Tensor torchGradients;
    private torch.Tensor? torchResult;

    private WeightGradientCase(int rows, int columns, int examples)
    {
        (this.rows, this.columns, this.examples) = (rows, columns, examples);
        activations = AlignedArray.Random(1, (long)examples * rows);
        gradients = AlignedArray.Random(2, (long)examples * columns);
        result = new AlignedArray((long)rows * columns);
        torchActivations = torch.tensor(activations.Span.ToArray()).reshape(examples, rows);
        torchGradients = torch.tensor(gradients.Span.ToArray()).reshape(examples, columns);
    }

    /// <summary>One slice, a batch, and a batch over many steps.</summary>
    public static IEnumerable<NamedCase> All { get; } = [.. new[] { 16, 256, 1600 }.Select(examples =>
        new NamedCase($"gemm-weightgradient-512x2048x{examples}", () => new WeightGradientCase(512, 2048, examples)))];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 mm";

    /// <inheritdoc/>
    public override double Operations => 2.0 * rows * columns * examples;

    /// <inheritdoc/>
    public override void RunOurs(int threads) => Pieces.Run(threads, rows, (_, first, count) => Gemm.Multiply(
        count,
        columns,
        examples,
        activations.Pointer + first,
        1,
        rows,
        gradients.Pointer,
        columns,
        result.Pointer + ((long)first * columns),
        columns,
        accumulate: false));

    /// <inheritdoc/>
    public override void RunRival()
    {
        torchResult?.Dispose();
        using torch.Tensor transposed = torchActivations.t();
        torchResult = transposed.mm(torchGradients);
    }

    /// <inheritdoc/>
    public override double? RelativeDifference() => result.RelativeDifference(torchResult!.data<float>().ToArray());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Array.ForEach([activations, gradients, result], array => array.Dispose());
        Array.ForEach([torchActivations, torchGradients, torchResult!], tensor => tensor.Dispose());
    }
}

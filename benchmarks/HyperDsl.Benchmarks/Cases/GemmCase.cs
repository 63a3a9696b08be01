using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// Product of activations [rows, inner] with a weight [inner, columns]. HyperDsl's weight is packed beforehand, as a compiled
/// step packs it once for all slices of the batch; libtorch has no such form.
/// </summary>
public sealed unsafe class GemmCase : BenchmarkCase
{
    private readonly int rows;
    private readonly int inner;
    private readonly int columns;
    private readonly AlignedArray left;
    private readonly AlignedArray right;
    private readonly AlignedArray packed;
    private readonly AlignedArray result;
    private readonly torch.Tensor torchLeft;
    private readonly torch.Tensor torchRight;
    private torch.Tensor? torchResult;

    private GemmCase(int rows, int inner, int columns)
    {
        (this.rows, this.inner, this.columns) = (rows, inner, columns);
        left = AlignedArray.Random(1, (long)rows * inner);
        right = AlignedArray.Random(2, (long)inner * columns);
        packed = new AlignedArray(Gemm.PackedSize(inner, columns));
        result = new AlignedArray((long)rows * columns);
        Gemm.Pack(right.Pointer, inner, columns, columns, 1, packed.Pointer);
        torchLeft = torch.tensor(left.Span.ToArray()).reshape(rows, inner);
        torchRight = torch.tensor(right.Span.ToArray()).reshape(inner, columns);
    }

    /// <summary>The sizes of the design: slices of a HyperLSTM and of smaller batches.</summary>
    public static IEnumerable<NamedCase> All { get; } = [.. new[] { 120, 24, 16 }.Select(rows =>
        new NamedCase($"gemm-{rows}x512x2048", () => new GemmCase(rows, 512, 2048)))];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 mm";

    /// <inheritdoc/>
    public override double Operations => 2.0 * rows * inner * columns;

    /// <inheritdoc/>
    public override void RunOurs(int threads) => Pieces.Run(threads, rows, (_, first, count) => Gemm.MultiplyPacked(
        count,
        columns,
        inner,
        left.Pointer + ((long)first * inner),
        inner,
        packed.Pointer,
        result.Pointer + ((long)first * columns),
        columns,
        accumulate: false));

    /// <inheritdoc/>
    public override void RunRival()
    {
        torchResult?.Dispose();
        torchResult = torchLeft.mm(torchRight);
    }

    /// <inheritdoc/>
    public override double? RelativeDifference() => result.RelativeDifference(torchResult!.data<float>().ToArray());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Array.ForEach([left, right, packed, result], array => array.Dispose());
        Array.ForEach([torchLeft, torchRight, torchResult!], tensor => tensor.Dispose());
    }
}

using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>The convolution of a batch.</summary>
public sealed unsafe class ConvolutionForwardCase : ConvolutionCase
{
    private readonly AlignedArray padded;
    private readonly AlignedArray packed;
    private readonly AlignedArray result;
    private readonly int paddedLength;

    private ConvolutionForwardCase(ConvolutionSizes sizes)
        : base(sizes)
    {
        paddedLength = sizes.PaddedSide * sizes.PaddedSide * sizes.Inputs;
        padded = Own(new AlignedArray((long)paddedLength * ThreadCounts.Max()));
        packed = Own(new AlignedArray(Convolution.PackedKernelSize(sizes.Forward)));
        result = Own(new AlignedArray(sizes.OutputLength));
    }

    /// <summary>A case for each convolution.</summary>
    public static IEnumerable<NamedCase> All { get; } =
        [.. ConvolutionSizes.All.Select(sizes => new NamedCase($"conv-forward-{sizes}", () => new ConvolutionForwardCase(sizes)))];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 conv2d";

    /// <inheritdoc/>
    public override void RunOurs(int threads)
    {
        CorrelationShape shape = Sizes.Forward;
        Convolution.PackKernel(shape, Kernel.Pointer, packed.Pointer);
        Pieces.Run(threads, Sizes.Batch, (worker, first, count) =>
        {
            float* image = padded.Pointer + ((long)worker * paddedLength);
            for (int example = first; example < first + count; example++)
            {
                Pad(Images.Pointer + (example * (Sizes.InputLength / Sizes.Batch)), Sizes.Inputs, image);
                float* target = result.Pointer + (example * (Sizes.OutputLength / Sizes.Batch));
                Convolution.Correlate(shape, image, packed.Pointer, target, accumulate: false);
            }
        });
    }

    /// <inheritdoc/>
    public override void RunRival()
    {
        using (torch.no_grad())
        {
            Keep(TorchConvolve());
        }
    }

    /// <inheritdoc/>
    public override double? RelativeDifference() =>
        result.RelativeDifference(TorchResult!.permute(0, 2, 3, 1).contiguous().data<float>().ToArray());
}

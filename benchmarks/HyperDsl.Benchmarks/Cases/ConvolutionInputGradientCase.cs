using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>The gradient of a batch of images.</summary>
public sealed unsafe class ConvolutionInputGradientCase : ConvolutionCase
{
    private readonly AlignedArray padded;
    private readonly AlignedArray packed;
    private readonly AlignedArray result;
    private readonly int paddedLength;
    private readonly torch.Tensor torchOutput;

    private ConvolutionInputGradientCase(ConvolutionSizes sizes)
        : base(sizes)
    {
        paddedLength = sizes.PaddedSide * sizes.PaddedSide * sizes.Outputs;
        padded = Own(new AlignedArray((long)paddedLength * ThreadCounts.Max()));
        packed = Own(new AlignedArray(Convolution.PackedKernelFlippedSize<float>(sizes.Forward)));
        result = Own(new AlignedArray(sizes.InputLength));
        torchOutput = TorchConvolve();
    }

    /// <summary>A case for each convolution but the first of a network, whose images need no gradient.</summary>
    public static IEnumerable<NamedCase> All { get; } = [.. ConvolutionSizes.All.Where(sizes => sizes.Inputs > 1)
        .Select(sizes => new NamedCase($"conv-inputgradient-{sizes}", () => new ConvolutionInputGradientCase(sizes)))];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 conv2d backward to its input";

    /// <inheritdoc/>
    public override void RunOurs(int threads)
    {
        CorrelationShape shape = Sizes.InputGradient;
        Convolution.PackKernelFlipped(Sizes.Forward, Kernel.Pointer, packed.Pointer);
        Pieces.Run(threads, Sizes.Batch, (worker, first, count) =>
        {
            float* gradient = padded.Pointer + ((long)worker * paddedLength);
            for (int example = first; example < first + count; example++)
            {
                Pad(Gradients.Pointer + (example * (Sizes.OutputLength / Sizes.Batch)), Sizes.Outputs, gradient);
                float* target = result.Pointer + (example * (Sizes.InputLength / Sizes.Batch));
                Convolution.Correlate(shape, gradient, packed.Pointer, target, accumulate: false);
            }
        });
    }

    /// <inheritdoc/>
    public override void RunRival() => Keep(torch.autograd.grad([torchOutput], [TorchImages], [TorchGradients], retain_graph: true)[0]);

    /// <inheritdoc/>
    public override double? RelativeDifference() =>
        result.RelativeDifference(TorchResult!.permute(0, 2, 3, 1).contiguous().data<float>().ToArray());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        torchOutput.Dispose();
        base.Dispose(disposing);
    }
}

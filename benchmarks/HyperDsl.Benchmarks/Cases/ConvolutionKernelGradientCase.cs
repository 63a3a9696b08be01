using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>The gradient of the kernel, added up over a batch; each thread adds to a sum of its own.</summary>
public sealed unsafe class ConvolutionKernelGradientCase : ConvolutionCase
{
    private readonly AlignedArray padded;
    private readonly AlignedArray sums;
    private readonly int paddedLength;
    private readonly torch.Tensor torchOutput;

    private ConvolutionKernelGradientCase(ConvolutionSizes sizes)
        : base(sizes)
    {
        paddedLength = sizes.PaddedSide * sizes.PaddedSide * sizes.Inputs;
        padded = Own(new AlignedArray((long)paddedLength * ThreadCounts.Max()));
        sums = Own(new AlignedArray((long)sizes.KernelLength * ThreadCounts.Max()));
        torchOutput = TorchConvolve();
    }

    /// <summary>A case for each convolution.</summary>
    public static IEnumerable<NamedCase> All { get; } = [.. ConvolutionSizes.All.Select(sizes =>
        new NamedCase($"conv-kernelgradient-{sizes}", () => new ConvolutionKernelGradientCase(sizes)))];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 conv2d backward to its kernel";

    /// <inheritdoc/>
    public override void RunOurs(int threads)
    {
        CorrelationShape shape = Sizes.Forward;
        Pieces.Run(threads, Sizes.Batch, (worker, first, count) =>
        {
            float* image = padded.Pointer + ((long)worker * paddedLength);
            float* sum = sums.Pointer + ((long)worker * Sizes.KernelLength);
            new Span<float>(sum, Sizes.KernelLength).Clear();
            for (int example = first; example < first + count; example++)
            {
                Pad(Images.Pointer + (example * (Sizes.InputLength / Sizes.Batch)), Sizes.Inputs, image);
                float* gradient = Gradients.Pointer + (example * (Sizes.OutputLength / Sizes.Batch));
                Convolution.KernelGradient(shape, image, gradient, sum);
            }
        });
        Span<float> total = sums.Span[..Sizes.KernelLength];
        for (int worker = 1; worker < threads; worker++)
        {
            ReadOnlySpan<float> other = sums.Span.Slice(worker * Sizes.KernelLength, Sizes.KernelLength);
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += other[i];
            }
        }
    }

    /// <inheritdoc/>
    public override void RunRival() => Keep(torch.autograd.grad([torchOutput], [TorchKernel], [TorchGradients], retain_graph: true)[0]);

    /// <inheritdoc/>
    public override double? RelativeDifference() =>
        sums.RelativeDifference(TorchResult!.permute(2, 3, 1, 0).contiguous().data<float>().ToArray());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        torchOutput.Dispose();
        base.Dispose(disposing);
    }
}

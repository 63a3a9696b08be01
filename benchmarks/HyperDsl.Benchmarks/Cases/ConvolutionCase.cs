using HyperDsl.Cpu;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// What convolutions have in common: a batch of images, a kernel, gradients of results. Padding and packing are part of the
/// measured time, on both sides. libtorch gets its usual [batch, channels, height, width].
/// </summary>
public abstract unsafe class ConvolutionCase : BenchmarkCase
{
    private readonly List<AlignedArray> arrays = [];

    /// <summary>Allocates the data.</summary>
    /// <param name="sizes">The convolution.</param>
    protected ConvolutionCase(ConvolutionSizes sizes)
    {
        Sizes = sizes;
        Images = Own(AlignedArray.Random(1, sizes.InputLength));
        Kernel = Own(AlignedArray.Random(2, sizes.KernelLength));
        Gradients = Own(AlignedArray.Random(3, sizes.OutputLength));
        TorchImages = ToTorch(Images, sizes.Inputs).requires_grad_();
        TorchGradients = ToTorch(Gradients, sizes.Outputs);
        TorchKernel = torch.tensor(Kernel.Span.ToArray())
            .reshape(sizes.Kernel, sizes.Kernel, sizes.Inputs, sizes.Outputs).permute(3, 2, 0, 1).contiguous().requires_grad_();
    }

    /// <inheritdoc/>
    public override double Operations => Sizes.Operations;

    /// <summary>The convolution.</summary>
    protected ConvolutionSizes Sizes { get; }

    /// <summary>[batch, side, side, inputs].</summary>
    protected AlignedArray Images { get; }

    /// <summary>[kernel, kernel, inputs, outputs].</summary>
    protected AlignedArray Kernel { get; }

    /// <summary>Gradients of the results, [batch, side, side, outputs].</summary>
    protected AlignedArray Gradients { get; }

    /// <summary>The images, [batch, inputs, side, side].</summary>
    protected torch.Tensor TorchImages { get; }

    /// <summary>The kernel, [outputs, inputs, kernel, kernel].</summary>
    protected torch.Tensor TorchKernel { get; }

    /// <summary>The gradients, [batch, outputs, side, side].</summary>
    protected torch.Tensor TorchGradients { get; }

    /// <summary>The rival's last result.</summary>
    protected torch.Tensor? TorchResult { get; private set; }

    /// <summary>The rival's convolution.</summary>
    protected torch.Tensor TorchConvolve() =>
        torch.nn.functional.conv2d(TorchImages, TorchKernel, padding: [Sizes.Padding, Sizes.Padding]);

    /// <summary>Keeps an array until the end of the case.</summary>
    protected AlignedArray Own(AlignedArray array)
    {
        arrays.Add(array);
        return array;
    }

    /// <summary>Replaces the rival's last result.</summary>
    protected void Keep(torch.Tensor result)
    {
        TorchResult?.Dispose();
        TorchResult = result;
    }

    /// <summary>Copies an image into the middle of a zeroed, padded one.</summary>
    /// <param name="image">[side, side, channels].</param>
    /// <param name="channels">Channels.</param>
    /// <param name="padded">[padded side, padded side, channels]; its border is zero already.</param>
    protected void Pad(float* image, int channels, float* padded)
    {
        int row = Sizes.Side * channels;
        float* target = padded + (((Sizes.Padding * Sizes.PaddedSide) + Sizes.Padding) * channels);
        for (int y = 0; y < Sizes.Side; y++, image += row, target += Sizes.PaddedSide * channels)
        {
            new ReadOnlySpan<float>(image, row).CopyTo(new Span<float>(target, row));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        arrays.ForEach(array => array.Dispose());
        Array.ForEach([TorchImages, TorchKernel, TorchGradients, TorchResult!], tensor => tensor.Dispose());
    }

    private torch.Tensor ToTorch(AlignedArray values, int channels) =>
        torch.tensor(values.Span.ToArray()).reshape(Sizes.Batch, Sizes.Side, Sizes.Side, channels).permute(0, 3, 1, 2).contiguous();
}

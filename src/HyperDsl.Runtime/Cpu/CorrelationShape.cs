using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// The sizes of a correlation without padding: image [height, width, inputs], kernel [height, width, inputs / groups, outputs],
/// result [output height, output width, outputs]. Group g reads the g-th part of the inputs and writes the g-th part of the outputs.
/// </summary>
public readonly struct CorrelationShape
{
    /// <summary>Checks and stores the sizes.</summary>
    /// <exception cref="ArgumentException">
    /// A size is not positive, the kernel is larger than the image, or groups do not divide the channels.
    /// </exception>
    public CorrelationShape(
        int inputHeight,
        int inputWidth,
        int inputChannels,
        int outputChannels,
        int kernelHeight,
        int kernelWidth,
        int strideY = 1,
        int strideX = 1,
        int groups = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernelWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strideY);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strideX);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inputHeight < kernelHeight || inputWidth < kernelWidth)
        {
            throw new ArgumentException(
                $"A kernel of {kernelHeight} × {kernelWidth} does not fit into an image of {inputHeight} × {inputWidth}.");
        }

        if (inputChannels % groups != 0 || outputChannels % groups != 0)
        {
            throw new ArgumentException($"{groups} groups do not divide {inputChannels} inputs and {outputChannels} outputs.");
        }

        (InputHeight, InputWidth, InputChannels) = (inputHeight, inputWidth, inputChannels);
        (OutputChannels, KernelHeight, KernelWidth) = (outputChannels, kernelHeight, kernelWidth);
        (StrideY, StrideX, Groups) = (strideY, strideX, groups);
    }

    /// <summary>Rows of the image, with whatever padding it needs.</summary>
    public int InputHeight { get; }

    /// <summary>Columns of the image, with whatever padding it needs.</summary>
    public int InputWidth { get; }

    /// <summary>Channels of the image.</summary>
    public int InputChannels { get; }

    /// <summary>Channels of the result.</summary>
    public int OutputChannels { get; }

    /// <summary>Rows of the kernel.</summary>
    public int KernelHeight { get; }

    /// <summary>Columns of the kernel.</summary>
    public int KernelWidth { get; }

    /// <summary>Rows between windows.</summary>
    public int StrideY { get; }

    /// <summary>Columns between windows.</summary>
    public int StrideX { get; }

    /// <summary>Groups of channels.</summary>
    public int Groups { get; }

    /// <summary>Rows of the result.</summary>
    public int OutputHeight => ((InputHeight - KernelHeight) / StrideY) + 1;

    /// <summary>Columns of the result.</summary>
    public int OutputWidth => ((InputWidth - KernelWidth) / StrideX) + 1;

    /// <summary>Inputs of one group.</summary>
    public int GroupInputs => InputChannels / Groups;

    /// <summary>Outputs of one group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Whether each channel is correlated with a kernel of its own: then vectors hold channels of one pixel.</summary>
    internal bool IsDepthwise => Groups > 1 && GroupInputs == 1 && GroupOutputs == 1;

    /// <summary>
    /// The correlation that computes the gradient of the image with a kernel packed by <c>Convolution.PackKernelFlipped</c>. Its
    /// image is the output gradient, dilated by the strides (a gradient at y, x lies at y StrideY + KernelHeight − 1,
    /// x StrideX + KernelWidth − 1) in an image of zeros; its result has the size of this shape's image.
    /// </summary>
    public CorrelationShape InputGradient() => new(
        InputHeight + KernelHeight - 1,
        InputWidth + KernelWidth - 1,
        OutputChannels,
        InputChannels,
        KernelHeight,
        KernelWidth,
        1,
        1,
        Groups);
}

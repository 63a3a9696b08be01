using HyperDsl.Cpu;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>A convolution of square images that keeps their size, over a batch.</summary>
/// <param name="Side">Rows and columns of an image.</param>
/// <param name="Inputs">Channels of the image.</param>
/// <param name="Outputs">Channels of the result.</param>
/// <param name="Kernel">Rows and columns of the kernel, odd.</param>
/// <param name="Batch">Examples.</param>
public sealed record ConvolutionSizes(int Side, int Inputs, int Outputs, int Kernel, int Batch)
{
    /// <summary>Those of the MNIST network and of a wide residual network.</summary>
    public static IReadOnlyList<ConvolutionSizes> All { get; } =
    [
        new(28, 1, 16, 7, 64), new(14, 16, 16, 7, 64), new(32, 16, 16, 3, 64), new(16, 32, 32, 3, 64), new(8, 64, 64, 3, 64),
    ];

    /// <summary>Rows above, below and beside the image.</summary>
    public int Padding => Kernel / 2;

    /// <summary>Rows and columns with padding.</summary>
    public int PaddedSide => Side + (2 * Padding);

    /// <summary>The correlation on padded images.</summary>
    public CorrelationShape Forward => new(PaddedSide, PaddedSide, Inputs, Outputs, Kernel, Kernel);

    /// <summary>The correlation of padded output gradients with the flipped kernel: the gradient of the image without its padding.</summary>
    public CorrelationShape InputGradient => new(PaddedSide, PaddedSide, Outputs, Inputs, Kernel, Kernel);

    /// <summary>Elements of a batch of images.</summary>
    public int InputLength => Batch * Side * Side * Inputs;

    /// <summary>Elements of a batch of results.</summary>
    public int OutputLength => Batch * Side * Side * Outputs;

    /// <summary>Elements of the kernel.</summary>
    public int KernelLength => Kernel * Kernel * Inputs * Outputs;

    /// <summary>Floating-point operations of the result or of either gradient; products with padding count.</summary>
    public double Operations => 2.0 * Batch * Side * Side * Kernel * Kernel * Inputs * Outputs;

    /// <summary>The sizes as they stand in a case's name.</summary>
    public override string ToString() => $"{Side}x{Side}x{Inputs}-{Outputs}-{Kernel}x{Kernel}";
}

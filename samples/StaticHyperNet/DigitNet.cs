using HyperDsl;
using static HyperDsl.TensorMath;

namespace StaticHyperNet;

/// <summary>
/// The MNIST network of Ha, Dai and Le 2016 (section 4.1): two convolutions of 7×7 with 16 channels, each with bias, relu and
/// pooling, then a linear layer. The kernel of the second convolution is either learned or generated.
/// </summary>
/// <param name="hyper">Whether a small network generates the second kernel.</param>
[Network]
public abstract partial class DigitNet(bool hyper) : Model
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Channels of both convolutions.</summary>
    public const int Channels = 16;

    /// <summary>Rows and columns of both kernels.</summary>
    public const int KernelSize = 7;

    private const int EmbeddingWidth = 4;
    private const int FinalSide = Side / 4;

    private readonly Convolution2d first = new(1, Channels, KernelSize, init: Initialiser.TruncatedNormal(0, 0.01));

    private readonly Convolution2d? learned =
        hyper ? null : new(Channels, Channels, KernelSize, init: Initialiser.TruncatedNormal(0, 0.01));

    private readonly StaticHyperConv? generated =
        hyper ? new(new KernelGenerator(Channels, Channels, KernelSize, EmbeddingWidth, hidden: EmbeddingWidth, KernelMap.Transposed)) : null;

    private readonly Linear readout = new(FinalSide * FinalSide * Channels, Classes, init: Initialiser.Orthogonal());

    /// <summary>One number a class; the greatest one wins.</summary>
    /// <param name="image">Grey values from 0 to 1.</param>
    [Predict]
    public Tensor Logits([Shape(Side, Side, 1)] Tensor image)
    {
        Tensor x = MaxPool2d(Relu(first.Call(image)), 2);
        x = generated is null ? learned!.Call(x) : generated.Call(x);
        x = MaxPool2d(Relu(x), 2);
        return readout.Call(Flatten(x));
    }

    /// <summary>Cross-entropy of the true class, in nats.</summary>
    /// <param name="image">Grey values from 0 to 1.</param>
    /// <param name="label">The true class.</param>
    [Loss]
    public Tensor Loss([Shape(Side, Side, 1)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);

    /// <summary>The second kernel as it is now, [7, 7, 16, 16].</summary>
    public float[] SecondKernel() => generated is null
        ? Parameters["learned.kernel"].ToArray()
        : [.. generated.Kernel().ToArray().Select(value => (float)value)];

    /// <summary>How many parameters stand behind the second kernel: its own, or those of the generator and its embedding.</summary>
    public int SecondKernelParameters => Weights
        .Where(weight => weight.Key is "learned.kernel" || (weight.Key.StartsWith("generated.", StringComparison.Ordinal) && weight.Key != "generated.bias"))
        .Sum(weight => weight.Value.Count);
}

/// <summary>The network with a learned second kernel.</summary>
[HyperModel]
public sealed partial class PlainNet() : DigitNet(hyper: false);

/// <summary>The network with a generated second kernel.</summary>
[HyperModel]
public sealed partial class HyperNet() : DigitNet(hyper: true);

using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The sample's network at a small size: the kernel of the second convolution is learned or generated.</summary>
[Network]
public abstract partial class SmallDigits(bool hyper) : Model
{
    public const int Side = 8;
    public const int Classes = 5;
    private const int Channels = 4;
    private const int KernelSize = 3;

    private readonly Convolution2d first = new(1, Channels, KernelSize);
    private readonly Convolution2d? learned = hyper ? null : new(Channels, Channels, KernelSize);

    private readonly StaticHyperConv? generated =
        hyper ? new(new KernelGenerator(Channels, Channels, KernelSize, embedding: 3, hidden: 2)) : null;

    private readonly Linear readout = new(Side / 4 * (Side / 4) * Channels, Classes);

    [Predict]
    public Tensor Logits([Shape(Side, Side, 1)] Tensor image)
    {
        Tensor x = MaxPool2d(Relu(first.Call(image)), 2);
        x = generated is null ? learned!.Call(x) : generated.Call(x);
        x = MaxPool2d(Relu(x), 2);
        return readout.Call(Flatten(x));
    }

    [Loss]
    public Tensor Loss([Shape(Side, Side, 1)] Tensor image, [Classes(Classes)] Label label) => CrossEntropy(Logits(image), label);
}

[HyperModel(Float64 = true)]
public sealed partial class SmallPlainDigits() : SmallDigits(hyper: false);

[HyperModel(Float64 = true)]
public sealed partial class SmallHyperDigits() : SmallDigits(hyper: true);

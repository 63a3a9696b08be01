using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The MNIST network of Ha, Dai and Le 2016 (section 4.1) in its published size.</summary>
[HyperModel]
public sealed partial class PublishedDigits : Model
{
    private readonly Convolution2d first = new(1, 16, 7);
    private readonly StaticHyperConv second = new(new KernelGenerator(16, 16, 7, embedding: 4, hidden: 4));
    private readonly Linear readout = new(7 * 7 * 16, 10);

    [Predict]
    public Tensor Logits([Shape(28, 28, 1)] Tensor image) =>
        readout.Call(Flatten(MaxPool2d(Relu(second.Call(MaxPool2d(Relu(first.Call(image)), 2))), 2)));

    [Loss]
    public Tensor Loss([Shape(28, 28, 1)] Tensor image, [Classes(10)] Label digit) => CrossEntropy(Logits(image), digit);
}

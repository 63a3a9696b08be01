using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>The first model of the README, to the letter.</summary>
[HyperModel]
public sealed partial class Digits : Model
{
    readonly Convolution2d first = new(1, 16, size: 7);
    readonly StaticHyperConv second = new(new KernelGenerator(16, 16, size: 7, embedding: 4, hidden: 4));
    readonly Linear readout = new(7 * 7 * 16, 10);

    [Predict]
    public Tensor Logits([Shape(28, 28, 1)] Tensor image)
    {
        Tensor x = MaxPool2d(Relu(first.Call(image)), 2);
        x = MaxPool2d(Relu(second.Call(x)), 2);
        return readout.Call(Flatten(x));
    }

    [Loss] public Tensor Loss([Shape(28, 28, 1)] Tensor image, [Classes(10)] Label digit) => CrossEntropy(Logits(image), digit);
}

/// <summary>Its model over time.</summary>
[HyperModel]
public sealed partial class Characters : Model
{
    const int Symbols = 65;

    readonly HyperLstm cell = new(Symbols, 128, hyperUnits: 32, embedding: 4, layerNorm: true);
    readonly Linear readout = new(128, Symbols);

    [Predict] public Tensor Logits([Steps, Classes(Symbols)] Label text) => readout.Call(cell.Scan(OneHot(text)));

    [Loss]
    public Tensor Loss([Steps, Classes(Symbols)] Label text, [Steps, Classes(Symbols)] Label next) =>
        MeanOverSteps(CrossEntropy(Logits(text), next));
}

using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>No hypernetwork at all: dense layers with layer normalisation and dropout.</summary>
[HyperModel(Float64 = true)]
public sealed partial class Perceptron : Model
{
    public const int Features = 12;
    public const int Classes = 4;

    private readonly Linear input = new(Features, 20);
    private readonly LayerNorm norm = new(20);
    private readonly Dropout first = new(keep: 0.8);
    private readonly Linear middle = new(20, 10);
    private readonly Dropout second = new(keep: 0.5);
    private readonly Linear output = new(10, Classes);

    [Predict]
    public Tensor Logits([Shape(Features)] Tensor x)
    {
        Tensor y = first.Call(Relu(norm.Call(input.Call(x))));
        return output.Call(second.Call(Tanh(middle.Call(y))));
    }

    [Loss]
    public Tensor Loss([Shape(Features)] Tensor x, [Classes(Classes)] Label label) => CrossEntropy(Logits(x), label);
}

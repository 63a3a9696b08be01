using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A small network reads the example and generates weights and bias of a dense layer, others for every example.</summary>
[HyperModel(Float64 = true)]
public sealed partial class GeneratedDense : Model
{
    public const int Features = 9;
    public const int Classes = 4;
    private const int Hidden = 6;

    private readonly Linear reader = new(Features, 5);
    [Hyper]
    private readonly Linear weights = new(5, Hidden * Features);
    [Hyper]
    private readonly Linear biases = new(5, Hidden);
    private readonly Linear readout = new(Hidden, Classes);

    [Predict]
    public Tensor Logits([Shape(Features)] Tensor x)
    {
        Tensor code = Tanh(reader.Call(x));
        Tensor weight = Reshape(weights.Call(code), Hidden, Features);
        return readout.Call(Tanh(Dot(weight, x) + biases.Call(code)));
    }

    [Loss]
    public Tensor Loss([Shape(Features)] Tensor x, [Classes(Classes)] Label label) => CrossEntropy(Logits(x), label);
}

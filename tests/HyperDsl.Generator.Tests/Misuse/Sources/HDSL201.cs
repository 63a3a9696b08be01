using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Layer layer = new(inputs: 5, outputs: 3);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => Tanh(layer.Call(x));
}

[Network]
public sealed partial class Layer(int inputs, int outputs)
{
    private readonly Weight w = new(outputs, inputs);

    public Tensor Call(Tensor x) => Dot(w, x);
}

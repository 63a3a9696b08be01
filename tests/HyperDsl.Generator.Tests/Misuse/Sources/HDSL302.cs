using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    [Hyper]
    private readonly Layer generator = new(4, 8);
    private readonly Layer output = new(8, 3);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => output.Call(generator.Call(x));
}

[Network]
public sealed partial class Layer(int inputs, int outputs)
{
    private readonly Weight w = new(outputs, inputs);

    public Tensor Call(Tensor x) => Dot(w, x);
}

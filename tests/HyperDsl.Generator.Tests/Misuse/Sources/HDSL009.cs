using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Layer layer = new();

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => layer.Call(x);
}

public sealed class Layer
{
    private readonly Weight w = new(3, 4);

    public Tensor Call(Tensor x) => Dot(w, x);
}

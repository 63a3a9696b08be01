using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Layer layer = new(units: 7);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => layer.Call(x);
}

[Network]
public sealed partial class Layer
{
    private readonly Weight w;

    public Layer(int units)
    {
        if (units % 2 != 0)
        {
            throw new System.ArgumentException($"A layer has an even number of units, not {units}.", nameof(units));
        }
        w = new Weight(units, 4);
    }

    public Tensor Call(Tensor x) => Dot(w, x);
}

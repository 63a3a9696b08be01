using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight[] layers = [new(4, 4), new(4, 4)];

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x)
    {
        for (int i = 0; i <= layers.Length; i++)
        {
            x = Tanh(Dot(layers[i], x));
        }
        return x;
    }
}

using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x)
    {
        int layers = 0;
        while (layers >= 0)
        {
            layers = (layers + 1) % 8;
        }
        return Dot(w, x);
    }
}

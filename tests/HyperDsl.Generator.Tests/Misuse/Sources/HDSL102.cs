using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x)
    {
        if (Sum(x).ToDouble() > 0)
        {
            return Dot(w, x);
        }
        return -Dot(w, x);
    }
}

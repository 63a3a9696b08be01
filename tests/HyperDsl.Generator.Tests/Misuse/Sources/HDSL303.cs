using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x)
    {
        w.Update(w * 0.9);
        return Dot(w, x);
    }
}

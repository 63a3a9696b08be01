using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => Dot(w, x);
}

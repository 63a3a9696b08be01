using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits(int units) : Model
{
    private readonly Weight w = new(units, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => Dot(w, x);
}

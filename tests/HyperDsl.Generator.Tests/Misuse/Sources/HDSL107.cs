using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    private Tensor? last;

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x)
    {
        last = Dot(w, x);
        return last;
    }
}

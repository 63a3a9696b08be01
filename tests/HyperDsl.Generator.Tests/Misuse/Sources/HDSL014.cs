using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel(SliceExamples = -16)]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => Dot(w, x);
}

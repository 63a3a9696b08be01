using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Predict]
    public static Tensor Logits([Shape(4)] Tensor x) => x;
}

using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);
    private readonly Weight scale = new(3);

    [Loss]
    public Tensor Loss([Shape(4)] Tensor x, [Shape(3)] Tensor y) => MeanSquaredError(Dot(w, x) * Detach(scale), y);
}

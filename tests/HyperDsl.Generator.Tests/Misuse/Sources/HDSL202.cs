using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Weight w = new(3, 4);

    [Loss]
    public Tensor Loss([Shape(4)] Tensor x, [Shape(3)] Tensor y) => Square(Dot(w, x) - y);
}

using HyperDsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A loss of which a part needs weights only, whose gradients are known before any example is seen.</summary>
[HyperModel]
public sealed partial class Penalised : Model
{
    private readonly Linear layer = new(4, 3);
    private readonly Weight apart = new(5) { Init = Initialiser.Normal(0, 1) };
    private readonly Weight left = new(2, 3) { Init = Initialiser.Normal(0, 1) };
    private readonly Weight right = new(2, 4) { Init = Initialiser.Normal(0, 1) };

    [Loss]
    public Tensor Loss([Shape(4)] Tensor x) =>
        Sum(Square(layer.Call(x))) + Sum(Square(apart)) + Sum(Tanh(Concat(1, left, right)) * Concat(1, right, left));
}

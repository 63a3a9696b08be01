using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>Operations that the other models leave out, on values that vary with the example and on generated ones.</summary>
[HyperModel(Float64 = true)]
public sealed partial class ManyOperations : Model
{
    public const int Rows = 5;
    public const int Columns = 6;
    public const int Classes = 3;

    private readonly Weight scale = new(Columns) { Init = Initialiser.Normal(1, 0.2) };
    private readonly Weight mix = new(Rows, Rows) { Init = Initialiser.Orthogonal() };
    [Hyper]
    private readonly Weight left = new(Columns, 3) { Init = Initialiser.XavierNormal };
    [Hyper]
    private readonly Weight right = new(3, Columns) { Init = Initialiser.XavierNormal };
    private readonly Linear readout;

    public ManyOperations() => readout = new Linear((Rows * Columns) + Rows, Classes, init: Initialiser.HeUniform);

    [Predict]
    public Tensor Logits([Shape(Rows, Columns, 1)] Tensor image)
    {
        Tensor x = Squeeze(image, -1) * scale;
        Tensor clipped = Minimum(Maximum(x, -1.5), 1.5 + (0.1 * x));
        Tensor bent = Select(x > 0.2, Sqrt(Abs(x) + 0.1), Power(Sigmoid(x), 1.5));
        Tensor lowRank = MatMul(left, right);
        Tensor y = MatMul(mix, MatMul(clipped + bent, lowRank) / (1 + Exp(-x)));
        Tensor padded = Pad(Expand(y, 2), [1, 0, 0], [0, 2, 0], 0.25);
        Tensor pooled = Squeeze(AveragePool(padded, 2, 3, 1, 1, 0, 0, 0, 0), 2);
        Tensor moved = Concat(1, pooled[.., 2..], pooled[.., ..2]);
        Tensor order = Transpose(moved, 1, 0);
        Tensor variance = Variance(order, [0]);
        return readout.Call(Concat(0, Flatten(order + Cos(Transpose(y))), Log(1 + variance) * Detach(Max(Squeeze(image, -1), [1]))));
    }

    [Loss]
    public Tensor Loss([Shape(Rows, Columns, 1)] Tensor image, [Classes(Classes)] Label label) =>
        CrossEntropyBits(Logits(image), label) + (1e-3 * (Sum(Square(left)) + Sum(Square(right))));
}

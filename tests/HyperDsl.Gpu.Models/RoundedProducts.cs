using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>A layer for each row of an image, large enough for tensor cores.</summary>
[HyperModel(GpuTensorCores = true)]
public sealed partial class RoundedProducts : Model
{
    public const int Rows = 256;
    public const int Features = 64;
    public const int Outputs = 128;

    private readonly Weight weight = new(Features, Outputs) { Init = Initialiser.XavierUniform };

    [Predict]
    public Tensor Values([Shape(Rows, Features)] Tensor x) => Tanh(Dot(x, weight));

    [Loss]
    public Tensor Loss([Shape(Rows, Features)] Tensor x) => Mean(Values(x) * Values(x));
}

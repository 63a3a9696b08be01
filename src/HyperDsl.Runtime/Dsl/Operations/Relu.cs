namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>max(x, 0) for each element; the gradient at 0 is 0.</summary>
    [Primitive("relu")]
    public static Tensor Relu(Tensor x) => Lifting.Elementwise(x, value => value > 0 ? value : value <= 0 ? 0 : value);
}

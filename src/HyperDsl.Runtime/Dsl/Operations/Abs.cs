namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The absolute value of each element; the gradient at 0 is 0.</summary>
    [Primitive("abs")]
    public static Tensor Abs(Tensor x) => Lifting.Elementwise(x, Math.Abs);
}

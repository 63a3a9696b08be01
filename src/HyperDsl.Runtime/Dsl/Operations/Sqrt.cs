namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The square root of each element; NaN below 0.</summary>
    [Primitive("sqrt")]
    public static Tensor Sqrt(Tensor x) => Lifting.Elementwise(x, Math.Sqrt);
}

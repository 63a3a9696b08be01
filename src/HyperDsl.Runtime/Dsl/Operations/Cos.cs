namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The cosine of each element, in radians.</summary>
    [Primitive("cos")]
    public static Tensor Cos(Tensor x) => Lifting.Elementwise(x, Math.Cos);
}

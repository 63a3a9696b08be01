namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The sine of each element, in radians.</summary>
    [Primitive("sin")]
    public static Tensor Sin(Tensor x) => Lifting.Elementwise(x, Math.Sin);
}

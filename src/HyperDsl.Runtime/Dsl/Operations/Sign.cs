namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>-1, 0 or 1 for each element; no gradient.</summary>
    [Primitive("sign")]
    public static Tensor Sign(Tensor x) => Lifting.Elementwise(x, value => value > 0 ? 1 : value < 0 ? -1 : value);
}

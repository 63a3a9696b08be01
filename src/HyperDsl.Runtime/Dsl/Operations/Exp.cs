namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>e to the power of each element.</summary>
    [Primitive("exp")]
    public static Tensor Exp(Tensor x) => Lifting.Elementwise(x, Math.Exp);
}

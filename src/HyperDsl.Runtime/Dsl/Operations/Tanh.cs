namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The hyperbolic tangent of each element.</summary>
    [Primitive("tanh")]
    public static Tensor Tanh(Tensor x) => Lifting.Elementwise(x, Math.Tanh);
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The greater of each pair of elements, with broadcasting; equal ones share the gradient equally.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("maximum")]
    public static Tensor Maximum(Tensor a, Tensor b) => Lifting.Elementwise("Maximum", a, b, Math.Max);
}

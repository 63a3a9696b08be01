namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The lesser of each pair of elements, with broadcasting; equal ones share the gradient equally.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("minimum")]
    public static Tensor Minimum(Tensor a, Tensor b) => Lifting.Elementwise("Minimum", a, b, Math.Min);
}

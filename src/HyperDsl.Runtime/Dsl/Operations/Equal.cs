namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>1 where two elements are equal, else 0, with broadcasting; no gradient.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("equal")]
    public static Tensor Equal(Tensor a, Tensor b) => Lifting.Elementwise("Equal", a, b, (x, y) => x == y ? 1 : 0);
}

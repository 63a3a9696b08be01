namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Each element to a constant power.</summary>
    /// <param name="x">The base; negative elements have whole powers only, else the result is NaN.</param>
    /// <param name="exponent">Known at compile time.</param>
    [Primitive("power")]
    public static Tensor Power(Tensor x, double exponent) => Lifting.Elementwise(x, value => Math.Pow(value, exponent));
}

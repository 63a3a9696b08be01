namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The natural logarithm of each element; minus infinity at 0, NaN below.</summary>
    [Primitive("log")]
    public static Tensor Log(Tensor x) => Lifting.Elementwise(x, Math.Log);
}

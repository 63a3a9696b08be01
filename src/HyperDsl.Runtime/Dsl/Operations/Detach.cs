namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The same value, through which no gradient passes.</summary>
    [Primitive("detach")]
    public static Tensor Detach(Tensor x) => new(x.Sizes, x.Examples, x.Values, x.Steps);
}

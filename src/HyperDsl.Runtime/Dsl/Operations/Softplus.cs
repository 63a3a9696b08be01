namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>log(1 + eˣ) of each element, without overflow for large ones.</summary>
    [Primitive("softplus")]
    public static Tensor Softplus(Tensor x) => Lifting.Elementwise(x, value => Math.Max(value, 0) + LogOnePlus(Math.Exp(-Math.Abs(value))));

    // Kahan: the rounding of 1 + y cancels in log(u) / (u - 1).
    private static double LogOnePlus(double y)
    {
        double u = 1 + y;
        return u == 1 ? y : Math.Log(u) * y / (u - 1);
    }
}

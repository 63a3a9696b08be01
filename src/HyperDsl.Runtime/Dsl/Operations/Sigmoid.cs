namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The logistic function 1 / (1 + e⁻ˣ) of each element.</summary>
    [Primitive("sigmoid")]
    public static Tensor Sigmoid(Tensor x) => Lifting.Elementwise(x, Logistic);

    private static double Logistic(double x)
    {
        double decayed = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + decayed) : decayed / (1 + decayed);
    }
}

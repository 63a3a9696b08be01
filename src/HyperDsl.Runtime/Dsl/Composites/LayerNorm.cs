namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// Layer normalisation over the last axis (Ba et al. 2016): (x − mean) / √(variance + epsilon) · gain + shift, with the biased
    /// variance.
    /// </summary>
    /// <param name="x">[…, n].</param>
    /// <param name="gain">[n].</param>
    /// <param name="shift">[n].</param>
    /// <param name="epsilon">Inside the root; 1e-3 as in the code of Ha et al. 2016.</param>
    /// <exception cref="TensorShapeException">The value is a scalar, or gain or shift do not fit.</exception>
    public static Tensor LayerNorm(Tensor x, Tensor gain, Tensor shift, double epsilon = 1e-3)
    {
        Tensor centred = x - Mean(x, [-1], keep: true);
        return centred / Sqrt(Mean(Square(centred), [-1], keep: true) + epsilon) * gain + shift;
    }
}

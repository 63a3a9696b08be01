namespace HyperDsl;

/// <summary>In training, sets elements to 0 at random and scales the others, so that the mean stays.</summary>
/// <param name="keep">Probability to stay, above 0 up to 1.</param>
/// <param name="scope">Whether each step of time has its own mask or all steps of a sequence share one.</param>
[Network]
public sealed partial class Dropout(double keep, MaskScope scope = MaskScope.Step)
{
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The probability is none.</exception>
    public Tensor Call(Tensor x) => TensorMath.Dropout(x, keep, scope);
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// In training each element is 0 with probability 1 − keep and divided by <paramref name="keep"/> otherwise, so that its mean
    /// stays; in evaluation nothing happens.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="keep">Probability to stay, above 0 up to 1.</param>
    /// <param name="scope">Whether each step of time has its own mask or all steps of a sequence share one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is none.</exception>
    public static Tensor Dropout(Tensor x, double keep, MaskScope scope = MaskScope.Step)
    {
        if (!(keep > 0 && keep <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), "Dropout keeps elements with a probability above 0 and at most 1.");
        }
        return Mode.Training && keep < 1 ? x * KeepMask(keep, x, scope) / keep : x;
    }
}

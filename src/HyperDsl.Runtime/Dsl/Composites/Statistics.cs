namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The mean over some axes.</summary>
    /// <param name="x">What is averaged.</param>
    /// <param name="axes">Axes; negative ones count from the end; <c>null</c> for all.</param>
    /// <param name="keep">Whether the axes stay, with size 1.</param>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Mean(Tensor x, int[]? axes = null, bool keep = false)
    {
        Tensor total = Sum(x, axes, keep);
        return total / (double)(x.Count / total.Count);
    }

    /// <summary>The biased variance over some axes: the mean squared distance from the mean.</summary>
    /// <param name="x">The sample.</param>
    /// <param name="axes">Axes; negative ones count from the end; <c>null</c> for all.</param>
    /// <param name="keep">Whether the axes stay, with size 1.</param>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Variance(Tensor x, int[]? axes = null, bool keep = false) =>
        Mean(Square(x - Mean(x, axes, keep: true)), axes, keep);

    /// <summary>The least element over some axes; equal ones share the gradient equally.</summary>
    /// <param name="x">What is searched.</param>
    /// <param name="axes">Axes; negative ones count from the end; <c>null</c> for all.</param>
    /// <param name="keep">Whether the axes stay, with size 1.</param>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Min(Tensor x, int[]? axes = null, bool keep = false) => -Max(-x, axes, keep);

    /// <summary>The mean of each element over the steps of time; each example keeps its own.</summary>
    public static Tensor MeanOverSteps(Tensor x) => SumOverSteps(x) / StepCount();

    /// <summary>The mean of each element over the examples of the batch.</summary>
    /// <param name="x">The sample, one value of each example.</param>
    /// <exception cref="TensorShapeException">The value varies with time: average first, <c>BatchMean(MeanOverSteps(x))</c>.</exception>
    public static Tensor BatchMean(Tensor x) => SumOverExamples(x) / ExampleCount();

    /// <summary>The biased variance of each element over the examples of the batch.</summary>
    /// <param name="x">The sample, one value of each example.</param>
    /// <exception cref="TensorShapeException">The value varies with time: average first, as for <see cref="BatchMean"/>.</exception>
    public static Tensor BatchVariance(Tensor x) => BatchMean(Square(x - BatchMean(x)));
}

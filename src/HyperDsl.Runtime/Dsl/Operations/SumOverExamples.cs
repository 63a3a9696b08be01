namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The sum of each element over the examples of the batch: the same for all of them.</summary>
    /// <param name="x">What is summed; a value that does not vary with the example counts once for each.</param>
    /// <exception cref="TensorShapeException">The value varies with time.</exception>
    /// <exception cref="InvalidOperationException">
    /// The value holds another number of examples than the evaluation was entered with.
    /// </exception>
    [Primitive("sumOverExamples")]
    public static Tensor SumOverExamples(Tensor x)
    {
        if (x.Steps is not null)
        {
            // With the steps added up, a mean over the examples would be as many times too large as there are steps.
            throw new TensorShapeException(
                "'SumOverExamples', and so 'BatchMean', 'BatchVariance' and 'BatchNorm', adds up one value of each example, but got "
                + $"one of shape {x} that varies with time. Average first: BatchMean(MeanOverSteps(x)).");
        }
        if (x.Examples is not int examples)
        {
            return x * ExampleCount();
        }
        if (Mode.Current?.Examples != examples)
        {
            throw new InvalidOperationException(
                $"A sum over {examples} examples was asked for outside of an evaluation of {examples} examples. "
                + $"Enter one first: using (Mode.Enter(training, randomKey, examples: {examples})).");
        }
        double[] values = x.Values;
        double[] result = new double[x.Count];
        for (int i = 0; i < values.Length; i++)
        {
            result[i % x.Count] += values[i];
        }
        return new Tensor(x.Sizes, null, result);
    }
}

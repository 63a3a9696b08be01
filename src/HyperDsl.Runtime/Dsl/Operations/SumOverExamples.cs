namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// The sum of each element over the examples of the batch, and over their steps where the value varies with time: the same for
    /// all of them.
    /// </summary>
    /// <param name="x">What is summed; a value that does not vary with the example counts once for each.</param>
    /// <exception cref="InvalidOperationException">
    /// The value holds another number of examples than the evaluation was entered with.
    /// </exception>
    [Primitive("sumOverExamples")]
    public static Tensor SumOverExamples(Tensor x)
    {
        if (x.Examples is not int examples)
        {
            return (x.Steps is null ? x : SumOverSteps(x)) * ExampleCount();
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

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The sum of each element over the steps of time; each example keeps its own.</summary>
    /// <param name="x">What is summed; a value that does not vary with time counts once for each step.</param>
    /// <exception cref="InvalidOperationException">
    /// The value holds another number of steps than the evaluation was entered with.
    /// </exception>
    [Primitive("sumOverSteps")]
    public static Tensor SumOverSteps(Tensor x)
    {
        if (x.Steps is not int steps)
        {
            return x * StepCount();
        }
        if (Mode.Current?.Steps != steps)
        {
            throw new InvalidOperationException(
                $"A sum over {steps} steps was asked for outside of an evaluation of {steps} steps. "
                + $"Enter one first: using (Mode.Enter(training, randomKey, examples, steps: {steps})).");
        }
        double[] values = x.Values;
        double[] result = new double[values.Length / steps];
        for (int i = 0; i < values.Length; i++)
        {
            result[i % result.Length] += values[i];
        }
        return new Tensor(x.Sizes, x.Examples, result);
    }
}

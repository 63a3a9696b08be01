namespace HyperDsl.Models;

/// <summary>What is done with all steps of a scan behind it: eager against compiled code, and gradients against differences.</summary>
public sealed class PooledTests
{
    private const int Examples = 18;
    private const int Steps = 5;
    private const ulong Key = 21;

    [Fact]
    public void Eager_and_compiled_agree()
    {
        Pooled model = Made();
        float[] x = Numbers();
        double[] steps = [.. from step in Enumerable.Range(0, Steps) from example in Enumerable.Range(0, Examples) from k in Enumerable.Range(0, CellModel.Inputs)
            select (double)x[(((example * Steps) + step) * CellModel.Inputs) + k]];
        double eager;
        using (Mode.Enter(training: true, Key, Examples, Steps))
        {
            eager = model.Loss(Tensor.OfSequence(Steps, Examples, steps, CellModel.Inputs)).ToArray().Average();
        }
        Assert.Equal(eager, model.LossAndGradient64("Loss", Batch(x), new double[model.Parameters.Length], randomKey: Key), 1e-12);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        Pooled model = Made();
        Batch batch = Batch(Numbers());
        double[] at = Closeness.Widened(model.Parameters.ReadOnlyValues);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64("Loss", batch, gradient, at, Key);
        var random = new Random(9);
        for (int trial = 0; trial < 5; trial++)
        {
            double[] direction = [.. at.Select(_ => random.NextDouble() - 0.5)];
            const double Step = 1e-4;
            double Loss(double distance) => model.LossAndGradient64(
                "Loss", batch, new double[at.Length], [.. at.Select((value, i) => value + (distance * direction[i]))], Key);
            double Difference(double step) => (Loss(step) - Loss(-step)) / (2 * step);
            // Richardson's extrapolation: what is left is step⁴ and roundoff over the step.
            double difference = ((4 * Difference(Step)) - Difference(2 * Step)) / 3;
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.Equal(difference, exact, 1e-9 * (1 + Math.Abs(exact)));
        }
    }

    private static Pooled Made()
    {
        Pooled model = new();
        model.Initialise(3);
        var random = new Random(8);
        foreach (ref float value in model.Parameters.Values)
        {
            value += 0.4f * (random.NextSingle() - 0.5f);
        }
        return model;
    }

    private static Batch Batch(float[] x) => new Batch(Examples).Add("x", x, Steps);

    private static float[] Numbers()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Examples * Steps * CellModel.Inputs).Select(_ => random.NextSingle() - 0.5f)];
    }
}

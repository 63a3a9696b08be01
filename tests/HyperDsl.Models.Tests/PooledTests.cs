namespace HyperDsl.Models;

/// <summary>What is done with all steps of a scan behind it: eager against compiled code, and gradients against differences.</summary>
public sealed class PooledTests
{
    private const int Examples = 18;
    private const int MoreExamples = 70;
    private const int Steps = 5;
    private const ulong Key = 21;

    private static readonly Dictionary<string, (Func<Model> New, Func<Model, Tensor, Tensor> Loss)> Models = new()
    {
        [nameof(Pooled)] = (() => new Pooled(), (model, x) => ((Pooled)model).Loss(x)),
        [nameof(NormedPool)] = (() => new NormedPool(), (model, x) => ((NormedPool)model).Loss(x)),
        [nameof(CentredSequence)] = (() => new CentredSequence(), (model, x) => ((CentredSequence)model).Loss(x)),
        [nameof(NormedBetweenScans)] = (() => new NormedBetweenScans(), (model, x) => ((NormedBetweenScans)model).Loss(x)),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Eager_and_compiled_agree(string name)
    {
        Model model = Made(name);
        float[] x = Numbers();
        double[] steps = [.. from step in Enumerable.Range(0, Steps) from example in Enumerable.Range(0, Examples) from k in Enumerable.Range(0, CellModel.Inputs)
            select (double)x[(((example * Steps) + step) * CellModel.Inputs) + k]];
        double eager;
        using (Mode.Enter(training: true, Key, Examples, Steps))
        {
            eager = Models[name].Loss(model, Tensor.OfSequence(Steps, Examples, steps, CellModel.Inputs)).ToArray().Average();
        }
        Assert.Equal(eager, model.LossAndGradient64("Loss", Batch(x), new double[model.Parameters.Length], randomKey: Key), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        Model model = Made(name);
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
            double Extrapolated(double step) => ((4 * Difference(step)) - Difference(2 * step)) / 3;
            double difference = Extrapolated(Step);
            // Richardson's extrapolation leaves a term of step⁴, a fifteenth of what twice the step adds to it, and roundoff over the step.
            double left = Math.Abs(Extrapolated(2 * Step) - difference) / 15;
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.Equal(difference, exact, (2 * left) + (1e-9 * (1 + Math.Abs(exact))));
            // A model so curved that the differences say little would pass whatever its gradient is.
            Assert.InRange(left, 0, 1e-6 * (1 + Math.Abs(exact)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_are_the_same_for_any_number_of_threads(string name)
    {
        float[][] gradients = [.. Enumerable.Range(1, 3).Select(threads =>
        {
            Model model = Made(name);
            model.Threads = threads;
            var store = new GradientStore(model.Parameters);
            // Twice: what a run leaves in memory must not be what the next one reads.
            model.LossAndGradient("Loss", Batch(Numbers(), MoreExamples), store, Key);
            model.LossAndGradient("Loss", Batch(Numbers(), MoreExamples), store, Key);
            return store.Values.ToArray();
        })];
        Assert.Contains(gradients[0], value => value != 0);
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);
    }

    private static Model Made(string name)
    {
        Model model = Models[name].New();
        model.Initialise(3);
        var random = new Random(8);
        foreach (ref float value in model.Parameters.Values)
        {
            value += 0.4f * (random.NextSingle() - 0.5f);
        }
        return model;
    }

    private static Batch Batch(float[] x, int examples = Examples) => new Batch(examples).Add("x", x[..(examples * Steps * CellModel.Inputs)], Steps);

    private static float[] Numbers()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, MoreExamples * Steps * CellModel.Inputs).Select(_ => random.NextSingle() - 0.5f)];
    }
}

namespace HyperDsl.Models;

/// <summary>Compiled gradients against finite differences of the compiled loss, and both precisions against each other.</summary>
public sealed class GradientTests
{
    private const int Count = 6;
    private const int Directions = 4;
    private const ulong Key = 42;

    // Truncation of a central difference falls with the step's square, rounding rises with its inverse.
    private static readonly double Step = Math.Cbrt(Closeness.DoubleRoundoff);

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Gradients_agree_with_central_differences(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        Batch batch = item.Data(Count, 3).For(model, ModelCase.LossEntry);
        double[] at = Closeness.Widened(model.Parameters.ReadOnlyValues);
        var gradient = new double[at.Length];
        double loss = model.LossAndGradient64(ModelCase.LossEntry, batch, gradient, at, Key);
        double norm = Math.Sqrt(gradient.Sum(value => value * value));
        for (int seed = 0; seed < Directions; seed++)
        {
            double[] direction = Direction(model, seed);
            double slope = gradient.Zip(direction, (a, b) => a * b).Sum();
            double near = Difference(direction, Step);
            // The difference of two steps is three times the truncation of the shorter one.
            double truncation = Math.Abs(Difference(direction, 2 * Step) - near);
            double rounding = item.Terms * Closeness.DoubleRoundoff * Math.Max(1, Math.Abs(loss)) / Step;
            Assert.True(truncation + rounding < 1e-4 * norm, "The step is too long or too short to say anything.");
            Assert.True(
                Math.Abs(near - slope) <= truncation + rounding,
                $"direction {seed}: slope {slope:R}, difference {near:R}, tolerance {truncation + rounding:R}, gradient {norm:R}");
        }

        double Difference(double[] direction, double step) => (Along(direction, step) - Along(direction, -step)) / (2 * step);

        double Along(double[] direction, double step) => model.LossAndGradient64(
            ModelCase.LossEntry, batch, new double[at.Length], [.. at.Zip(direction, (a, b) => a + (step * b))], Key);
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Both_precisions_agree_for_every_weight(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        Batch batch = item.Data(Count, 4).For(model, ModelCase.LossEntry);
        var wide = new double[model.Parameters.Length];
        var narrow = new GradientStore(model.Parameters);
        model.LossAndGradient64(ModelCase.LossEntry, batch, wide, randomKey: Key);
        model.LossAndGradient(ModelCase.LossEntry, batch, narrow, Key);
        // Batch normalisation undoes the scale of what comes before it, whose gradient is a large sum of almost nothing.
        double? scale = item.BatchStatistics ? wide.Max(Math.Abs) : null;
        foreach (KeyValuePair<string, Weight> weight in model.Weights.Where(weight => weight.Value.Trained))
        {
            double[] expected = wide.AsSpan(model.Parameters.Plan(weight.Key).Offset, weight.Value.Count).ToArray();
            Assert.Contains(expected, value => value != 0);
            Closeness.Agree(
                expected, Closeness.Widened(narrow[weight.Key]), Closeness.SingleRoundoff, item.Terms, weight.Key, scale);
        }
    }

    /// <summary>A random direction of length 1 over the trained weights.</summary>
    private static double[] Direction(Model model, int seed)
    {
        var random = new Random(seed);
        var direction = new double[model.Parameters.Length];
        foreach (KeyValuePair<string, Weight> weight in model.Weights.Where(weight => weight.Value.Trained))
        {
            int offset = model.Parameters.Plan(weight.Key).Offset;
            for (int i = 0; i < weight.Value.Count; i++)
            {
                direction[offset + i] = random.NextDouble() - 0.5;
            }
        }

        double length = Math.Sqrt(direction.Sum(value => value * value));
        return Array.ConvertAll(direction, value => value / length);
    }
}

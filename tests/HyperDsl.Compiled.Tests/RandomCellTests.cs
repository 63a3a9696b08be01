using System.Reflection;

namespace HyperDsl.Compiled.Tests;

/// <summary>Random cells with fixed seeds: eager against compiled code, and compiled gradients against differences.</summary>
public sealed class RandomCellTests
{
    private const int CellsPerBlock = 20;
    private const int Examples = 18;
    private const int Steps = 4;
    private const ulong Key = 77;
    private const double DoubleRoundoff = 1.0 / (1L << 53);
    private const double SingleRoundoff = 1.0 / (1 << 24);

    /// <summary>A rounding grows by the slopes of what follows: of sin(3 h), and of a layer norm with 0.1 in its root, at every step.</summary>
    private const double Amplification = 1 << 8;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Eager_code_compiled_code_and_differences_agree(int block)
    {
        RandomCell[] cells = [.. Enumerable.Range(block * CellsPerBlock, CellsPerBlock).Select(RandomCell.Make)];
        Assembly assembly = CompiledModels.Load(string.Concat(cells.Select(cell => cell.Source)));
        foreach (RandomCell cell in cells)
        {
            Model model = (Model)Activator.CreateInstance(assembly.GetType(cell.Name)!)!;
            model.Initialise(1);
            double relative = cell.Operations * Steps * Amplification;
            CheckValues(cell, model, relative);
            CheckGradients(cell, model, relative);
        }
    }

    private static void CheckValues(RandomCell cell, Model model, double relative)
    {
        double[] predicted = model.Predict64("Hidden", Batch());
        double[] eager = Eager(model, "Hidden", training: false);
        int width = eager.Length / (Examples * Steps);
        for (int i = 0; i < predicted.Length; i++)
        {
            (int example, int step, int unit) = (i / width / Steps, i / width % Steps, i % width);
            Near(cell, eager[(((step * Examples) + example) * width) + unit], predicted[i], relative * DoubleRoundoff);
        }
        double loss = Eager(model, "Loss", training: true).Average();
        Near(
            cell, loss, model.LossAndGradient64("Loss", Batch(), new double[model.Parameters.Length], randomKey: Key),
            relative * width * DoubleRoundoff);
    }

    private static void CheckGradients(RandomCell cell, Model model, double relative)
    {
        double[] at = Array.ConvertAll(model.Parameters.ReadOnlyValues.ToArray(), value => (double)value);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64("Loss", Batch(), gradient, at, Key);
        var random = new Random(5);
        for (int trial = 0; trial < 3; trial++)
        {
            double[] direction = [.. at.Select(_ => random.NextDouble() - 0.5)];
            double Loss(double distance) => model.LossAndGradient64(
                "Loss", Batch(), new double[at.Length], [.. at.Zip(direction, (value, slope) => value + (distance * slope))], Key);
            double Difference(double step) => (Loss(step) - Loss(-step)) / (2 * step);
            double Extrapolated(double step) => ((4 * Difference(step)) - Difference(2 * step)) / 3;
            const double Step = 2e-4;
            double difference = Extrapolated(Step);
            double exact = gradient.Zip(direction, (slope, length) => slope * length).Sum();
            // The error of the fourth order shows when the step is doubled; the other is rounding of the losses.
            double tolerance = Math.Abs(difference - Extrapolated(2 * Step)) + (relative * DoubleRoundoff / Step);
            Near(cell, difference, exact, tolerance);
            Assert.True(tolerance < 1e-3 * Math.Max(1, Math.Abs(exact)), $"{cell.Name}: the tolerance {tolerance:R} says nothing.");
        }
        GradientStore narrow = new(model.Parameters);
        model.LossAndGradient("Loss", Batch(), narrow, Key);
        double scale = Math.Max(1, gradient.Max(Math.Abs));
        for (int i = 0; i < gradient.Length; i++)
        {
            Near(cell, gradient[i], narrow.Values[i], relative * scale * SingleRoundoff);
        }
    }

    private static Batch Batch() => new Batch(Examples).Add("x", Numbers(), Steps);

    /// <summary>[example, step, input].</summary>
    private static float[] Numbers()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, Examples * Steps * RandomCell.Inputs).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    /// <summary>An entry's values as its method computes them.</summary>
    private static double[] Eager(Model model, string entry, bool training)
    {
        float[] numbers = Numbers();
        Tensor x = Tensor.OfSequence(
            Steps, Examples,
            [
                .. from step in Enumerable.Range(0, Steps) from example in Enumerable.Range(0, Examples)
                   from k in Enumerable.Range(0, RandomCell.Inputs)
                   select (double)numbers[(((example * Steps) + step) * RandomCell.Inputs) + k],
            ],
            RandomCell.Inputs);
        using (Mode.Enter(training, Key, Examples, Steps))
        {
            MethodInfo method = model.GetType().GetMethod(entry, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)!;
            return ((Tensor)method.Invoke(model, [x])!).ToArray();
        }
    }

    private static void Near(RandomCell cell, double expected, double found, double tolerance) => Assert.True(
        Math.Abs(expected - found) <= tolerance,
        $"{cell.Name}: expected {expected:R}, found {found:R}, tolerance {tolerance:R}\n{cell.Source}");
}

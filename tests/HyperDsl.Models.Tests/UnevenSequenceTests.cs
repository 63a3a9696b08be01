namespace HyperDsl.Models;

/// <summary>Sequences of different lengths in one batch.</summary>
public sealed class UnevenSequenceTests
{
    private const int Steps = 6;
    private const int Units = 9;
    private static readonly int[] Lengths = [6, 1, 3, 5, 2, 6, 4, 1, 1, 6, 3, 2, 5, 4, 6, 1, 2, 3];

    private static int Rows => Lengths.Length;

    [Fact]
    public void A_padded_sequence_gives_what_it_gives_alone()
    {
        UnevenCharacters model = Make();
        int[] text = CarriedStateTests.Text(1, Steps);
        SequenceState together = model.NewState(Rows);
        float[] outputs = model.Predict(
            "Outputs", new Batch(Rows).Add("text", text, Steps).AddLengths("valid", Lengths, Steps).Continue(together));
        for (int row = 0; row < Rows; row++)
        {
            int length = Lengths[row];
            SequenceState alone = model.NewState(1);
            float[] expected = model.Predict(
                "Outputs",
                new Batch(1).Add("text", text.AsMemory(row * Steps, length), length).AddLengths("valid", [length], length).Continue(alone));
            Assert.Equal(expected, outputs[(row * Steps * Units)..(((row * Steps) + length) * Units)]);
            Assert.All(outputs[(((row * Steps) + length) * Units)..((row + 1) * Steps * Units)], value => Assert.Equal(0, value));
            foreach (string state in together.Names)
            {
                int size = together.Shape(state)[0];
                Assert.Equal(alone.Values(state).ToArray(), together.Values(state).Slice(row * size, size).ToArray());
            }
        }
    }

    [Fact]
    public void Eager_and_compiled_agree()
    {
        UnevenCharacters model = Make();
        int[] text = CarriedStateTests.Text(2, Steps);
        double expected;
        using (Mode.Enter(training: false, 0, Rows, Steps))
        {
            Label sequence = Label.OfSequence(
                Steps, Rows, [.. Enumerable.Range(0, Steps * Rows).Select(i => text[(i % Rows * Steps) + (i / Rows)])], CharacterModel.Symbols);
            Tensor valid = Tensor.OfSequence(
                Steps, Rows, [.. Enumerable.Range(0, Steps * Rows).Select(i => i / Rows < Lengths[i % Rows] ? 1.0 : 0)]);
            expected = model.Loss(sequence, sequence, valid).ToArray().Average();
        }
        // A few hundred operations on numbers below ten, each off by a unit or so of a double's last place.
        Assert.Equal(expected, model.Loss64("Loss", Losses(text)), 1e-12);
    }

    [Fact]
    public void Gradients_agree_with_differences_and_padding_has_none()
    {
        UnevenCharacters model = Make();
        int[] text = CarriedStateTests.Text(3, Steps);
        double[] at = Array.ConvertAll(model.Parameters.ReadOnlyValues.ToArray(), value => (double)value);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64("Loss", Losses(text), gradient, at);
        var random = new Random(9);
        for (int trial = 0; trial < 3; trial++)
        {
            double[] direction = [.. at.Select(_ => random.NextDouble() - 0.5)];
            const double Step = 2e-5;
            double Loss(double distance) => model.Loss64("Loss", Losses(text), [.. at.Select((value, i) => value + (distance * direction[i]))]);
            // Richardson's extrapolation: what is left is step⁴ and roundoff over the step.
            double Difference(double step) => (Loss(step) - Loss(-step)) / (2 * step);
            double difference = ((4 * Difference(Step)) - Difference(2 * Step)) / 3;
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.Equal(difference, exact, 1e-9 * (1 + Math.Abs(exact)));
        }
        double[] other = new double[at.Length];
        int[] changed = [.. text.Select((symbol, i) => i % Steps < Lengths[i / Steps] ? symbol : (symbol + 1) % CharacterModel.Symbols)];
        Assert.NotEqual(text, changed);
        model.LossAndGradient64("Loss", Losses(changed), other, at);
        Assert.Equal(gradient, other);
    }

    [Fact]
    public void A_sequence_of_no_steps_has_no_loss_and_no_gradient()
    {
        UnevenCharacters model = Make();
        int[] text = CarriedStateTests.Text(4, Steps)[..(2 * Steps)];
        Batch with = new Batch(2).Add("text", text, Steps).Add("next", text, Steps).AddLengths("valid", [5, 0], Steps);
        Batch without = new Batch(1).Add("text", text.AsMemory(0, Steps), Steps).Add("next", text.AsMemory(0, Steps), Steps)
            .AddLengths("valid", [5], Steps);
        double[] expected = new double[model.Parameters.Length];
        double[] found = new double[model.Parameters.Length];
        Assert.Equal(model.LossAndGradient64("Loss", without, expected) / 2, model.LossAndGradient64("Loss", with, found), 1e-12);

        // The mean over two examples instead of one; the sums over rows and steps are the same but for zeros, some hundred terms below ten.
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First / 2, pair.Second, 1e-12));
        GradientStore gradients = new(model.Parameters);
        Assert.True(double.IsFinite(model.LossAndGradient("Loss", with, gradients)));
        Assert.All(gradients.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Misuse_is_said_in_words()
    {
        Assert.Contains("18 examples has 18 lengths, but 2", Assert.Throws<ArgumentException>(() => new Batch(18).AddLengths("valid", [1, 2], 3)).Message);
        Assert.Contains("example 1 has from 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => new Batch(2).AddLengths("valid", [1, 4], 3)).Message);
        Tensor sequence = Tensor.OfSequence(2, 1, [1, 2], 1);
        Assert.Contains(
            "a scalar at each of the 2 steps",
            Assert.Throws<TensorShapeException>(() => new Rnn(1, 1).Scan(sequence, 1)).Message);
    }

    private static UnevenCharacters Make()
    {
        UnevenCharacters model = new();
        model.Initialise(3);
        return model;
    }

    private static Batch Losses(int[] text) =>
        new Batch(Rows).Add("text", text, Steps).Add("next", text, Steps).AddLengths("valid", Lengths, Steps);
}

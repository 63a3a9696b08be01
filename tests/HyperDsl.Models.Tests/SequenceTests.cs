using HyperDsl.Training;

namespace HyperDsl.Models;

/// <summary>Models over time, compiled as a user compiles them.</summary>
public sealed class SequenceTests
{
    private const int Examples = 18;
    private const int Steps = 6;
    private const ulong Key = 11;

    public static TheoryData<string> Names => ["PlainCharacters", "NormalisedCharacters", "RewrittenCharacters", "GatedHyperCharacters"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Eager_and_compiled_agree(string name)
    {
        CharacterModel model = Make(name);
        (int[] text, int[] next) = Data(3);
        double eager;
        double[] logits;
        using (Mode.Enter(training: false, 0, Examples, Steps))
        {
            Label sequence = Eager(text);
            logits = model.Logits(sequence).ToArray();
            eager = model.Loss(sequence, Eager(next)).ToArray().Average();
        }
        // A few hundred operations on numbers below ten, each off by a unit or so of a double's last place.
        Assert.Equal(eager, model.Loss64("Loss", Batch(text, next)), 1e-12);
        double[] compiled = model.Predict64("Logits", new Batch(Examples).Add("text", text, Steps));
        for (int example = 0; example < Examples; example++)
        {
            for (int step = 0; step < Steps; step++)
            {
                for (int symbol = 0; symbol < CharacterModel.Symbols; symbol++)
                {
                    Assert.Equal(
                        logits[(((step * Examples) + example) * CharacterModel.Symbols) + symbol],
                        compiled[(((example * Steps) + step) * CharacterModel.Symbols) + symbol], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Masks_of_steps_agree()
    {
        DroppedCharacters model = new();
        model.Initialise(3);
        (int[] text, int[] next) = Data(3);
        double eager;
        using (Mode.Enter(training: true, Key, Examples, Steps))
        {
            eager = model.Loss(Eager(text), Eager(next)).ToArray().Average();
        }
        Assert.Equal(eager, model.LossAndGradient64("Loss", Batch(text, next), new double[model.Parameters.Length], randomKey: Key), 1e-12);
        Assert.Contains(model.Parameters.Parameters, parameter => parameter.Name == "cell.layers.1.trace");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        CharacterModel model = Make(name);
        (int[] text, int[] next) = Data(4);
        Batch batch = Batch(text, next);
        double[] at = Array.ConvertAll(model.Parameters.ReadOnlyValues.ToArray(), value => (double)value);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64("Loss", batch, gradient, at, Key);
        var random = new Random(9);
        for (int trial = 0; trial < 5; trial++)
        {
            double[] direction = [.. at.Select(_ => random.NextDouble() - 0.5)];
            const double Step = 1e-4;
            double Loss(double distance) => model.LossAndGradient64(
                "Loss", batch, new double[at.Length], [.. at.Select((value, i) => value + (distance * direction[i]))], Key);
            // Richardson's extrapolation: what is left is step⁴ and roundoff over the step.
            double Difference(double step) => (Loss(step) - Loss(-step)) / (2 * step);
            double difference = ((4 * Difference(Step)) - Difference(2 * Step)) / 3;
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.Equal(difference, exact, 1e-9 * (1 + Math.Abs(exact)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Threads_do_not_change_a_bit(string name)
    {
        (int[] text, int[] next) = Data(5);
        float[][] gradients = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            CharacterModel model = Make(name);
            model.Threads = threads;
            GradientStore store = new(model.Parameters);
            model.LossAndGradient("Loss", Batch(text, next), store, Key);
            return store.Values.ToArray();
        })];
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cell_learns_to_repeat_what_it_saw(string name)
    {
        CharacterModel model = Make(name);
        Trainer trainer = new(model, new Adam(0.02));
        double first = 0;
        double last = 0;
        for (int step = 0; step < 300; step++)
        {
            (int[] text, int[] next) = Data(step);
            last = trainer.Step(Batch(text, next));
            first = step == 0 ? last : first;
        }
        Assert.True(last < 0.5 * first, $"The loss fell from {first} to {last} only.");
    }

    private static CharacterModel Make(string name)
    {
        CharacterModel model = name switch
        {
            nameof(PlainCharacters) => new PlainCharacters(),
            nameof(NormalisedCharacters) => new NormalisedCharacters(),
            nameof(GatedHyperCharacters) => new GatedHyperCharacters(),
            _ => new RewrittenCharacters(),
        };
        model.Initialise(3);
        return model;
    }

    private static Batch Batch(int[] text, int[] next) =>
        new Batch(Examples).Add("text", text, Steps).Add("next", next, Steps);

    /// <summary>Random symbols; what comes next is the symbol before, which takes a memory of one step.</summary>
    private static (int[] Text, int[] Next) Data(int seed)
    {
        var random = new Random(seed);
        int[] text = [.. Enumerable.Range(0, Examples * Steps).Select(_ => random.Next(CharacterModel.Symbols))];
        int[] next = [.. text.Select((_, i) => i % Steps == 0 ? 0 : text[i - 1])];
        return (text, next);
    }

    /// <summary>Eager values lie step by step.</summary>
    private static Label Eager(int[] labels) => Label.OfSequence(
        Steps, Examples, [.. Enumerable.Range(0, Examples * Steps).Select(i => labels[(i % Examples * Steps) + (i / Examples)])],
        CharacterModel.Symbols);
}

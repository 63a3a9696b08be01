using HyperDsl.Models;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Loops over time in both forms, launches of the host and a kernel that walks the sequence, against the processor: batches that leave the
/// last group of rows incomplete, one step and many, sequences of different lengths, carried states, layers, more values than shared memory holds.
/// </summary>
public abstract class LoopSuite(GpuBackend backend)
{
    private const ulong Key = 11;

    /// <summary>Additions on the way of a value through a step and back: all products of the largest of these cells but the wide one.</summary>
    private const int TermsOfStep = 150;

    private static readonly int[] Lengths = [6, 1, 3, 5, 2, 6, 4];

    public static TheoryData<string, int, int> Cases => new()
    {
        { nameof(PlainCharacters), 1, 1 },
        { nameof(PlainCharacters), 5, 3 },
        { nameof(PlainCharacters), 18, 40 },
        { nameof(HyperLstmCharacters), 1, 1 },
        { nameof(HyperLstmCharacters), 7, 12 },
        { nameof(HyperLstmCharactersByHost), 7, 3 },
        { nameof(HyperLstmCharactersByHost), 18, 12 },
        { nameof(LargeHyperLstmByHost), 1, 1 },
        { nameof(LargeHyperLstmByHost), 19, 5 },
        { nameof(LargeStackByHost), 5, 3 },
        { nameof(CrossedByHost), 6, 3 },
        { nameof(StackedCharacters), 7, 5 },
        { nameof(StackedCharactersByHost), 7, 5 },
        { nameof(WideCharacters), 3, 2 },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_training_step_agrees(string name, int examples, int steps)
    {
        GpuDevice device = backend.Device;
        Model expected = Make(name);
        Model model = Make(name);
        Batch batch = new Batch(examples).Add("text", Symbols(1, examples * steps), steps).Add("next", Symbols(2, examples * steps), steps);
        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        int terms = (steps * TermsOf(name)) + (examples * steps);
        model.To(device);
        Closeness.Agree(
            [expected.LossAndGradient("Loss", batch, expectedGradients, Key)], [model.LossAndGradient("Loss", batch, gradients, Key)],
            Closeness.SingleRoundoff, terms, "loss");
        Closeness.Agree(
            Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), Closeness.SingleRoundoff, terms, "gradient");
        model.To(null);
    }

    /// <summary>Without a training step's tape, more values are a step's alone.</summary>
    [SkippableTheory]
    [InlineData(nameof(HyperLstmCharacters))]
    [InlineData(nameof(LargeHyperLstmByHost))]
    [InlineData(nameof(LargeStackByHost))]
    [InlineData(nameof(CrossedByHost))]
    public void A_prediction_agrees(string name)
    {
        GpuDevice device = backend.Device;
        const int Examples = 6, Steps = 4;
        Model expected = Make(name);
        Model model = Make(name);
        Batch batch = new Batch(Examples).Add("text", Symbols(1, Examples * Steps), Steps);
        model.To(device);
        Closeness.Agree(
            Closeness.Widened(expected.Predict("Logits", batch)), Closeness.Widened(model.Predict("Logits", batch)), Closeness.SingleRoundoff,
            Steps * TermsOf(name), "logits");
        model.To(null);
    }

    /// <summary>Sequences end within a piece, and the second piece begins where the first ended.</summary>
    [SkippableFact]
    public void Sequences_of_different_lengths_go_on_where_they_ended()
    {
        GpuDevice device = backend.Device;
        const int Steps = 6;
        UnevenCharacters expected = (UnevenCharacters)Make(nameof(UnevenCharacters));
        UnevenCharacters model = (UnevenCharacters)Make(nameof(UnevenCharacters));
        SequenceState expectedState = expected.NewState(Lengths.Length);
        SequenceState state = model.NewState(Lengths.Length);
        model.To(device);
        int terms = 2 * Steps * TermsOfStep;
        for (int piece = 0; piece < 2; piece++)
        {
            Batch Data(SequenceState from) => new Batch(Lengths.Length)
                .Add("text", Symbols(piece, Lengths.Length * Steps), Steps).AddLengths("valid", Lengths, Steps).Continue(from);
            Closeness.Agree(
                Closeness.Widened(expected.Predict("Outputs", Data(expectedState))), Closeness.Widened(model.Predict("Outputs", Data(state))),
                Closeness.SingleRoundoff, terms, "outputs");
            foreach (string name in state.Names)
            {
                Closeness.Agree(
                    Closeness.Widened(expectedState.Values(name)), Closeness.Widened(state.Values(name)), Closeness.SingleRoundoff, terms, name);
            }
        }

        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        Batch batch = new Batch(Lengths.Length).Add("text", Symbols(3, Lengths.Length * Steps), Steps)
            .Add("next", Symbols(4, Lengths.Length * Steps), Steps).AddLengths("valid", Lengths, Steps);
        expected.LossAndGradient("Loss", batch, expectedGradients, Key);
        model.LossAndGradient("Loss", batch, gradients, Key);
        Closeness.Agree(
            Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), Closeness.SingleRoundoff, terms, "gradient");
        model.To(null);
    }

    /// <summary>Of wide cells, gates of all units, and all of them twice for the norm.</summary>
    private static int TermsOf(string name) => name switch
    {
        nameof(WideCharacters) => 8 * 600,
        nameof(LargeHyperLstmByHost) or nameof(LargeStackByHost) or nameof(CrossedByHost) => 8 * 281,
        _ => TermsOfStep,
    };

    /// <summary>Weights moved from where they begin: some begin at zero, which hides what is multiplied with them.</summary>
    internal static Model Make(string name)
    {
        var model = (Model)Activator.CreateInstance(typeof(PlainCharacters).Assembly.GetType("HyperDsl.Models." + name)!)!;
        model.Initialise(3);
        var random = new Random(5);
        foreach (ref float value in model.Parameters.Values)
        {
            value += 0.2f * (random.NextSingle() - 0.5f);
        }

        return model;
    }

    private static int[] Symbols(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(CharacterModel.Symbols))];
    }
}

public sealed class PoclLoopTests() : LoopSuite(PoclBackend.Instance);

public sealed class CudaLoopTests() : LoopSuite(CudaBackend.Instance);

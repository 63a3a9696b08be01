using HyperDsl.Models;

namespace HyperDsl.Gpu.Tests;

/// <summary>States that go on from call to call, and sequences of different lengths, on a device.</summary>
public abstract class CarriedStateSuite(GpuBackend backend)
{
    private const int Rows = 18;
    private const int Steps = 6;
    private const int Cut = 2;
    private const ulong Key = 11;
    private const int Symbols = CharacterModel.Symbols;

    /// <summary>An upper bound for the additions on the way of a value through all steps and back, batch included.</summary>
    private const int Terms = 1000;

    private static readonly int[] Lengths = [6, 1, 3, 5, 2, 6, 4, 1, 1, 6, 3, 2, 5, 4, 6, 1, 2, 3];

    public static TheoryData<string> Names =>
    [
        nameof(HyperLstmCharacters), nameof(GatedHyperCharacters), nameof(DroppedCharacters), nameof(LearnedStateCharacters),
        nameof(LearnedStateCharactersByHost),
    ];

    /// <summary>Some rows go on, some begin anew; what is given to begin with gets no gradient.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_window_that_goes_on_agrees(string name)
    {
        GpuDevice device = backend.Device;
        Model model = CharacterModels.Make(name);
        int[] text = Text(1);
        SequenceState expected = model.NewState(Rows);
        model.Loss("Loss", Losses(text, 0, Cut).Continue(expected));
        expected.Reset(4);
        expected.Reset(Rows - 1);
        SequenceState found = expected.Copy();
        GradientStore wanted = new(model.Parameters);
        GradientStore gradients = new(model.Parameters);
        double loss = model.LossAndGradient("Loss", Losses(text, Cut, Steps).Continue(expected), wanted, Key);
        model.To(device);
        Agree([loss], [model.LossAndGradient("Loss", Losses(text, Cut, Steps).Continue(found), gradients, Key)], "loss");
        Agree(Closeness.Widened(wanted.Values), Closeness.Widened(gradients.Values), "gradient");
        foreach (string state in expected.Names)
        {
            Agree(Closeness.Widened(expected.Values(state)), Closeness.Widened(found.Values(state)), state);
        }

        Assert.False(found.IsFresh(4));
        model.To(null);
    }

    /// <summary>A window of labels and the loss is all that is copied; of states, which rows begin anew, and only where that changes.</summary>
    [SkippableFact]
    public void States_stay_on_the_device_until_they_are_asked_for()
    {
        GpuDevice device = backend.Device;
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[] text = Text(7);
        SequenceState state = model.NewState(Rows);
        GradientStore gradients = new(model.Parameters);
        model.To(device);
        long Copied(Action action)
        {
            long before = device.CopiedBytes;
            action();
            return device.CopiedBytes - before;
        }

        long Window() => Copied(() => model.LossAndGradient("Loss", Losses(text, 0, Cut).Continue(state), gradients, Key));
        const int Alone = ((2 * Rows * Cut) + 1) * sizeof(float);
        int fresh = state.Names.Count * Rows * sizeof(float);
        int values = state.Names.Sum(name => Rows * state.Shape(name).Aggregate(1, (product, length) => product * length)) * sizeof(float);
        int weights = model.Parameters.Length * sizeof(float);
        Assert.Equal([weights + Alone + fresh + values, Alone + fresh, Alone, Alone], [Window(), Window(), Window(), Window()]);
        state.Reset(2);
        Assert.Equal([Alone + fresh, Alone + fresh, Alone], [Window(), Window(), Window()]);
        string first = state.Names[0];
        int one = Rows * state.Shape(first).Aggregate(1, (product, length) => product * length) * sizeof(float);
        Assert.Equal(one, Copied(() => _ = state.Values(first)));
        Assert.Equal(0, Copied(() => _ = state.Values(first)));
        Assert.Equal([Alone + one, Alone], [Window(), Window()]);
        Assert.Equal(values, Copied(() => _ = state.Copy()));
        Assert.Equal(Alone, Window());
        model.To(null);
    }

    /// <summary>Two texts in turn, one of which the host changes, and at the end both go on with the processor.</summary>
    [SkippableFact]
    public void States_of_several_texts_go_on_wherever_they_are()
    {
        GpuDevice device = backend.Device;
        Model expected = CharacterModels.Make(nameof(HyperLstmCharacters));
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[][] texts = [Text(8), Text(9)];
        SequenceState[] wanted = [expected.NewState(Rows), expected.NewState(Rows)];
        SequenceState[] found = [model.NewState(Rows), model.NewState(Rows)];
        model.To(device);
        for (int step = 0; step < Steps; step++)
        {
            if (step == Cut)
            {
                foreach (SequenceState[] states in new[] { wanted, found })
                {
                    states[1].CopyRow(3, states[0], 5);
                    states[0].Set(states[0].Names[0], 1, new float[states[0].Values(states[0].Names[0]).Length / Rows]);
                }
            }

            if (step == Steps - 1)
            {
                model.To(null);
            }

            for (int text = 0; text < texts.Length; text++)
            {
                Agree(
                    Closeness.Widened(expected.Predict("Logits", Window(texts[text], step, step + 1).Continue(wanted[text]))),
                    Closeness.Widened(model.Predict("Logits", Window(texts[text], step, step + 1).Continue(found[text]))), $"text {text}, step {step}");
            }
        }
    }

    /// <summary>Fewer rows and more, after states that have room for others.</summary>
    [SkippableFact]
    public void States_of_different_numbers_of_rows_go_on()
    {
        GpuDevice device = backend.Device;
        Model expected = CharacterModels.Make(nameof(HyperLstmCharacters));
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[] text = Text(12);
        int[] rows = [5, Rows, 1, 5];
        Dictionary<int, SequenceState> wanted = rows.Distinct().ToDictionary(count => count, expected.NewState);
        Dictionary<int, SequenceState> found = rows.Distinct().ToDictionary(count => count, model.NewState);
        long before = device.AllocatedBytes;
        model.To(device);
        foreach (int count in rows)
        {
            Batch Part(SequenceState state) => new Batch(count).Add("text", text[..(count * Cut)], Cut).Continue(state);
            Agree(
                Closeness.Widened(expected.Predict("Logits", Part(wanted[count]))), Closeness.Widened(model.Predict("Logits", Part(found[count]))),
                $"{count} rows");
        }

        model.To(null);
        Assert.Equal(before, device.AllocatedBytes);
        foreach (int count in rows)
        {
            Agree(Closeness.Widened(wanted[count].Values(wanted[count].Names[0])), Closeness.Widened(found[count].Values(found[count].Names[0])), "left");
        }
    }

    /// <summary>The batch is refused; the states are those before it, on both sides.</summary>
    [SkippableFact]
    public void A_call_that_fails_leaves_states_as_they_were()
    {
        GpuDevice device = backend.Device;
        Model expected = CharacterModels.Make(nameof(HyperLstmCharacters));
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[] text = Text(13);
        SequenceState wanted = expected.NewState(Rows);
        SequenceState found = model.NewState(Rows);
        model.To(device);
        expected.Predict("Logits", Window(text, 0, Cut).Continue(wanted));
        model.Predict("Logits", Window(text, 0, Cut).Continue(found));
        Assert.Throws<ArgumentException>(() => model.Predict("Logits", new Batch(Rows).Continue(found)));
        Agree(
            Closeness.Widened(expected.Predict("Logits", Window(text, Cut, Steps).Continue(wanted))),
            Closeness.Widened(model.Predict("Logits", Window(text, Cut, Steps).Continue(found))), "logits");
        model.To(null);
    }

    /// <summary>Three copies of a model, two on the device and one on the processor, hand one text's states to each other.</summary>
    [SkippableFact]
    public void States_go_from_model_to_model()
    {
        GpuDevice device = backend.Device;
        Model expected = CharacterModels.Make(nameof(HyperLstmCharacters));
        Model[] models = [.. Enumerable.Range(0, 3).Select(_ => CharacterModels.Make(nameof(HyperLstmCharacters)))];
        models[0].To(device);
        models[1].To(device);
        int[] text = Text(10);
        int[] turns = [0, 1, 0, 2, 1, 0];
        SequenceState wanted = expected.NewState(Rows);
        SequenceState found = expected.NewState(Rows);
        for (int step = 0; step < Steps; step++)
        {
            Batch part = Window(text, step, step + 1);
            Agree(
                Closeness.Widened(expected.Predict("Logits", Window(text, step, step + 1).Continue(wanted))),
                Closeness.Widened(models[turns[step]].Predict("Logits", part.Continue(found))), $"step {step}");
        }

        models[0].To(null);
        models[1].To(null);
    }

    [SkippableFact]
    public void A_learned_first_state_learns_from_rows_that_begin_anew()
    {
        GpuDevice device = backend.Device;
        DroppedCharacters model = new();
        model.Initialise(3);
        int[] text = Text(2);
        SequenceState state = model.NewState(Rows);
        GradientStore gradients = new(model.Parameters);
        const string First = "cell.layers.1.trace";
        model.To(device);
        model.LossAndGradient("Loss", Losses(text, 0, Cut).Continue(state), gradients, Key);
        Assert.Contains(gradients[First].ToArray(), value => value != 0);
        model.LossAndGradient("Loss", Losses(text, Cut, Steps).Continue(state), gradients, Key);
        Assert.All(gradients[First].ToArray(), value => Assert.Equal(0, value));
        state.Reset(7);
        model.LossAndGradient("Loss", Losses(text, Cut, Steps).Continue(state), gradients, Key);
        Assert.Contains(gradients[First].ToArray(), value => value != 0);
        model.To(null);
    }

    [SkippableFact]
    public void A_sequence_cut_in_two_or_read_step_by_step_equals_one_pass()
    {
        GpuDevice device = backend.Device;
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[] text = Text(3);
        double[] whole = Closeness.Widened(model.Predict("Logits", Window(text, 0, Steps)));
        model.To(device);
        Agree(whole, Joined(model, text, [0, Cut, Steps]), "logits of two parts");
        Agree(whole, Joined(model, text, [.. Enumerable.Range(0, Steps + 1)]), "logits step by step");
        model.To(null);
    }

    [SkippableFact]
    public void Sequences_of_different_lengths_agree_and_padding_counts_nothing()
    {
        GpuDevice device = backend.Device;
        UnevenCharacters model = new();
        model.Initialise(3);
        int[] text = Text(4);
        int[] padded = [.. text.Select((symbol, i) => i % Steps < Lengths[i / Steps] ? symbol : (symbol + 1) % Symbols)];
        SequenceState expectedState = model.NewState(Rows);
        SequenceState state = model.NewState(Rows);
        GradientStore wanted = new(model.Parameters);
        GradientStore gradients = new(model.Parameters);
        GradientStore others = new(model.Parameters);
        double[] outputs = Closeness.Widened(model.Predict("Outputs", Uneven(text).Continue(expectedState)));
        double loss = model.LossAndGradient("Loss", Uneven(text).Add("next", text, Steps), wanted, Key);
        model.To(device);
        Agree(outputs, Closeness.Widened(model.Predict("Outputs", Uneven(text).Continue(state))), "outputs");
        foreach (string name in state.Names)
        {
            Agree(Closeness.Widened(expectedState.Values(name)), Closeness.Widened(state.Values(name)), name);
        }

        Agree([loss], [model.LossAndGradient("Loss", Uneven(text).Add("next", text, Steps), gradients, Key)], "loss");
        Agree(Closeness.Widened(wanted.Values), Closeness.Widened(gradients.Values), "gradient");
        model.LossAndGradient("Loss", Uneven(padded).Add("next", padded, Steps), others, Key);
        Assert.Equal(gradients.Values.ToArray(), others.Values.ToArray());
        model.To(null);
    }

    [SkippableFact]
    public void Watched_values_agree_and_who_asks_changes_no_bit()
    {
        GpuDevice device = backend.Device;
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        int[] text = Text(5);
        Watched expected = new();
        Watched found = new();
        GradientStore silent = new(model.Parameters);
        GradientStore asking = new(model.Parameters);
        model.LossAndGradient("Loss", Losses(text, 0, Steps).Watch(expected), silent, Key);
        model.To(device);
        double loss = model.LossAndGradient("Loss", Losses(text, 0, Steps), silent, Key);
        Assert.Equal(loss, model.LossAndGradient("Loss", Losses(text, 0, Steps).Watch(found), asking, Key));
        Assert.Equal(silent.Values.ToArray(), asking.Values.ToArray());
        Assert.Equal(expected.Names.Order(), found.Names.Order());
        Assert.All(expected.Names, name => Agree(Closeness.Widened(expected[name].Values), Closeness.Widened(found[name].Values), name));
        model.To(null);
    }

    [SkippableFact]
    public void A_model_that_watches_nothing_says_so()
    {
        Model model = CharacterModels.Make(nameof(PlainCharacters));
        model.To(backend.Device);
        Assert.Contains(
            "'PlainCharacters.Loss' watches nothing",
            Assert.Throws<InvalidOperationException>(() => model.Loss("Loss", Losses(Text(6), 0, Steps).Watch(new Watched()))).Message);
        model.To(null);
    }

    /// <summary>Predictions of windows that go on, as those of one pass: [row, step, symbol].</summary>
    private static double[] Joined(Model model, int[] text, int[] cuts)
    {
        SequenceState state = model.NewState(Rows);
        double[] joined = new double[Rows * Steps * Symbols];
        for (int part = 0; part + 1 < cuts.Length; part++)
        {
            int length = (cuts[part + 1] - cuts[part]) * Symbols;
            double[] logits = Closeness.Widened(model.Predict("Logits", Window(text, cuts[part], cuts[part + 1]).Continue(state)));
            for (int row = 0; row < Rows; row++)
            {
                logits.AsSpan(row * length, length).CopyTo(joined.AsSpan(((row * Steps) + cuts[part]) * Symbols));
            }
        }

        return joined;
    }

    private static int[] Text(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Rows * Steps).Select(_ => random.Next(Symbols))];
    }

    private static Batch Window(int[] text, int from, int to) => new Batch(Rows).Add("text", Cutting(text, from, to), to - from);

    private static Batch Losses(int[] text, int from, int to) => Window(text, from, to).Add("next", Cutting(text, from, to), to - from);

    private static Batch Uneven(int[] text) => new Batch(Rows).Add("text", text, Steps).AddLengths("valid", Lengths, Steps);

    private static int[] Cutting(int[] text, int from, int to) =>
        [.. Enumerable.Range(0, Rows).SelectMany(row => text.Skip((row * Steps) + from).Take(to - from))];

    private static void Agree(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, string what) =>
        Closeness.Agree(expected, found, Closeness.SingleRoundoff, Terms, what);
}

public sealed class PoclCarriedStateTests() : CarriedStateSuite(PoclBackend.Instance);

public sealed class CudaCarriedStateTests() : CarriedStateSuite(CudaBackend.Instance);

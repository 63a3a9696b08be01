namespace HyperDsl.Models;

/// <summary>States that go on from one call to the next, in the caller's hands.</summary>
public sealed class CarriedStateTests
{
    private const int Rows = 18;
    private const int Steps = 7;
    private const int Cut = 3;
    private const int Symbols = CharacterModel.Symbols;
    private const ulong Key = 11;

    public static TheoryData<string> Names => ["PlainCharacters", "NormalisedCharacters", "RewrittenCharacters", "ScaledCharacters"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sequence_cut_in_two_equals_one_pass(string name)
    {
        CharacterModel model = Make(name);
        int[] text = Text(1, Steps);
        float[] whole = model.Predict("Logits", Batch(text, 0, Steps, Steps));
        SequenceState state = model.NewState(Rows);
        float[] first = model.Predict("Logits", Batch(text, 0, Cut, Steps).Continue(state));
        float[] second = model.Predict("Logits", Batch(text, Cut, Steps, Steps).Continue(state));
        Assert.Equal(whole, Joined(first, second));
        Assert.False(state.IsFresh(0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_step_at_a_time_equals_one_pass(string name)
    {
        CharacterModel model = Make(name);
        int[] text = [.. Text(2, Steps).Take(Steps)];
        float[] whole = model.Predict("Logits", new Batch(1).Add("text", text, Steps));
        SequenceState state = model.NewState(1);
        int[] symbol = new int[1];
        float[] logits = new float[Symbols];
        Batch step = new Batch(1).Add("text", symbol, 1).Continue(state);
        for (int t = 0; t < Steps; t++)
        {
            symbol[0] = text[t];
            model.Predict("Logits", step, logits);
            Assert.Equal(whole[(t * Symbols)..((t + 1) * Symbols)], logits);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_that_is_reset_begins_anew_and_the_others_go_on(string name)
    {
        CharacterModel model = Make(name);
        int[] text = Text(3, Steps);
        SequenceState state = model.NewState(Rows);
        model.Predict("Logits", Batch(text, 0, Cut, Steps).Continue(state));
        SequenceState same = model.NewState(Rows);
        same.CopyFrom(state);
        Batch second = Batch(text, Cut, Steps, Steps);
        float[] goesOn = model.Predict("Logits", second.Continue(same));
        float[] anew = model.Predict("Logits", second.Continue(model.NewState(Rows)));
        state.Reset(2);
        Assert.True(state.IsFresh(2));
        float[] mixed = model.Predict("Logits", second.Continue(state));
        int width = (Steps - Cut) * Symbols;
        for (int row = 0; row < Rows; row++)
        {
            Assert.Equal((row == 2 ? anew : goesOn).AsSpan(row * width, width), mixed.AsSpan(row * width, width));
        }
        Assert.False(goesOn.AsSpan(2 * width, width).SequenceEqual(anew.AsSpan(2 * width, width)));
    }

    [Fact]
    public void A_learned_first_state_gets_a_gradient_from_fresh_rows_only()
    {
        DroppedCharacters model = new();
        model.Initialise(3);
        int[] text = Text(4, Steps);
        GradientStore gradients = new(model.Parameters);
        SequenceState state = model.NewState(Rows);
        Batch batch = Losses(text, 0, Cut, Steps).Continue(state);
        model.LossAndGradient("Loss", batch, gradients, Key);
        Assert.Contains(gradients["cell.layers.1.trace"].ToArray(), value => value != 0);
        model.LossAndGradient("Loss", batch, gradients, Key);
        Assert.All(gradients["cell.layers.1.trace"].ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(gradients["cell.layers.0.fromState"].ToArray(), value => value != 0);
        state.Reset(5);
        model.LossAndGradient("Loss", batch, gradients, Key);
        Assert.Contains(gradients["cell.layers.1.trace"].ToArray(), value => value != 0);
    }

    [Theory]
    [InlineData("DroppedCharacters", true)]
    [InlineData("ScaledCharacters", false)]
    [InlineData("NormalisedCharacters", false)]
    public void Eager_and_compiled_go_on_alike(string name, bool training)
    {
        Model model = name == "DroppedCharacters" ? new DroppedCharacters() : Make(name);
        model.Initialise(3);
        int[] text = Text(5, Steps);
        SequenceState compiled = model.NewState(Rows);
        SequenceState eager = model.NewState(Rows);
        GradientStore gradients = new(model.Parameters);
        foreach ((int from, int to) in new[] { (0, Cut), (Cut, Steps) })
        {
            Batch batch = Losses(text, from, to, Steps).Continue(compiled);
            double found = training ? model.LossAndGradient("Loss", batch, gradients, Key) : model.Loss("Loss", batch);
            double expected;
            using (Mode.Enter(model, eager, training, to - from, Key))
            {
                Label sequence = Eager(text, from, to, Steps);
                expected = (model is DroppedCharacters dropped
                    ? dropped.Loss(sequence, sequence)
                    : ((CharacterModel)model).Loss(sequence, sequence)).ToArray().Average();
            }
            // Some hundred operations a step on numbers below ten, each rounded to float.
            Assert.Equal(expected, found, Tolerance);
            foreach (string state in compiled.Names)
            {
                Assert.All(eager.Values(state).ToArray().Zip(compiled.Values(state).ToArray()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
            }
            eager.Reset(1);
            compiled.Reset(1);
        }
    }

    /// <summary>What is given to begin with is a number like an input: its gradient does not enter the step before.</summary>
    [Fact]
    public void Gradients_of_a_window_agree_with_differences()
    {
        CharacterModel model = Make("ScaledCharacters");
        int[] text = Text(6, Steps);
        SequenceState state = model.NewState(Rows);
        model.Loss("Loss", Losses(text, 0, Cut, Steps).Continue(state));
        state.Reset(4);
        Batch batch = Losses(text, Cut, Steps, Steps).Continue(state);
        double[] at = Array.ConvertAll(model.Parameters.ReadOnlyValues.ToArray(), value => (double)value);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64("Loss", batch, gradient, at, Key);
        var random = new Random(9);
        for (int trial = 0; trial < 3; trial++)
        {
            double[] direction = [.. at.Select(_ => random.NextDouble() - 0.5)];
            const double Step = 2e-5;
            double Loss(double distance) => model.Loss64("Loss", batch, [.. at.Select((value, i) => value + (distance * direction[i]))]);
            double Difference(double step) => (Loss(step) - Loss(-step)) / (2 * step);
            double difference = ((4 * Difference(Step)) - Difference(2 * Step)) / 3;
            double exact = gradient.Zip(direction, (g, d) => g * d).Sum();
            Assert.Equal(difference, exact, 1e-9 * (1 + Math.Abs(exact)));
        }
        Assert.False(state.IsFresh(0));
        Assert.True(state.IsFresh(4), "Calls in double precision leave states as they are.");
    }

    [Fact]
    public void A_deployed_model_goes_on_too()
    {
        GeneratedReadout model = new();
        model.Initialise(2);
        int[] text = Text(7, Steps);
        BakedModel baked = model.Bake("Logits");
        SequenceState state = model.NewState(Rows);
        float[] whole = model.Predict("Logits", Batch(text, 0, Steps, Steps));
        float[] first = baked.Predict(Batch(text, 0, Cut, Steps).Continue(state));
        Assert.Equal(whole, Joined(first, baked.Predict(Batch(text, Cut, Steps, Steps).Continue(state))));
    }

    [Fact]
    public void A_state_can_be_read_and_set()
    {
        CharacterModel model = Make("ScaledCharacters");
        SequenceState state = model.NewState(2);
        Assert.Equal(["cell.hyper.h", "cell.hyper.c", "cell.h", "cell.c"], state.Names);
        Assert.Equal([12], state.Shape("cell.c"));
        int[] text = Text(8, Steps);
        Batch batch = new Batch(2).Add("text", text.AsMemory(0, 4), 2);
        float[] fresh = model.Predict("Logits", batch);
        foreach (string name in state.Names)
        {
            state.Set(name, 0, new float[state.Shape(name)[0]]);
        }
        Assert.False(state.IsFresh(0));
        Assert.Equal(fresh, model.Predict("Logits", batch.Continue(state)));
        Assert.Equal(24, state.Values("cell.h").Length);
        Assert.Contains(state.Values("cell.h").ToArray(), value => value != 0);
    }

    [Fact]
    public void Misuse_is_said_in_words()
    {
        CharacterModel model = Make("PlainCharacters");
        SequenceState state = model.NewState(Rows);
        int[] text = Text(9, Steps);
        Assert.Contains(
            "of 18 sequences, but the batch has 3 examples",
            Assert.Throws<ArgumentException>(() => new Batch(3).Continue(state)).Message);
        SequenceState other = Make("NormalisedCharacters").NewState(Rows);
        Assert.Contains(
            "lacks; that is of another model",
            Assert.Throws<ArgumentException>(() => model.Predict("Logits", Batch(text, 0, Cut, Steps).Continue(other))).Message);
        Assert.Contains("one number of rows: this has 18 rows", Assert.Throws<ArgumentException>(() => state.CopyFrom(model.NewState(3))).Message);
        Assert.Contains("There are: cell.h, cell.c", Assert.Throws<KeyNotFoundException>(() => state.Values("h")).Message);
        Assert.Contains("9 numbers, but 2", Assert.Throws<ArgumentException>(() => state.Set("cell.h", 0, new float[2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Reset(Rows));
        ModelCase still = ModelCases.Find(nameof(Perceptron));
        Assert.Contains("no entry that scans a cell", Assert.Throws<InvalidOperationException>(() => still.Moved().NewState(2)).Message);
    }

    /// <summary>A call that fails leaves the state as it was.</summary>
    [Fact]
    public void A_call_that_fails_changes_no_state()
    {
        CharacterModel model = Make("PlainCharacters");
        SequenceState state = model.NewState(Rows);
        int[] text = Text(9, Steps);
        model.Predict("Logits", Batch(text, 0, Cut, Steps).Continue(state));
        float[] before = state.Values("cell.h").ToArray();
        text[^1] = Symbols;
        Assert.Throws<ArgumentException>(() => model.Predict("Logits", Batch(text, Cut, Steps, Steps).Continue(state)));
        Assert.Equal(before, state.Values("cell.h").ToArray());
    }

    /// <summary>Counting errors predicts from the same states as the loss, and leaves them to the loss.</summary>
    [Fact]
    public void A_classifier_of_sequences_is_evaluated_with_and_without_states()
    {
        SequenceClassifier model = new();
        model.Initialise(3);
        int[] text = Text(10, Steps);
        int[] kinds = [.. Enumerable.Range(0, Rows).Select(row => row % SequenceClassifier.Classes)];
        SequenceState plain = model.NewState(Rows);
        model.Loss("Loss", Batch(text, 0, Cut, Steps).Add("kind", kinds).Continue(plain));
        float[] scores = model.Predict("Scores", Batch(text, Cut, Steps, Steps).Continue(plain));

        SequenceState state = model.NewState(Rows);
        using Windows windows = new(state, [Batch(text, 0, Cut, Steps).Add("kind", kinds), Batch(text, Cut, Steps, Steps).Add("kind", kinds)]);
        Training.EvaluationResult result = new Training.Trainer(model, new Training.Sgd(0.1)).Evaluate(windows);
        int first = Wrong(model.Predict("Scores", Batch(text, 0, Cut, Steps)));
        Assert.Equal((double)(first + Wrong(scores)) / (2 * Rows), result.Error);

        int Wrong(float[] found) => Enumerable.Range(0, Rows).Count(row =>
            Enumerable.Range(0, SequenceClassifier.Classes).MaxBy(kind => found[(row * SequenceClassifier.Classes) + kind]) != kinds[row]);
    }

    [Fact]
    public void Generating_allocates_nothing()
    {
        CharacterModel model = Make("ScaledCharacters");
        int[] symbol = [1];
        float[] logits = new float[Symbols];
        Batch step = new Batch(1).Add("text", symbol, 1).Continue(model.NewState(1));
        model.Predict("Logits", step, logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 100; t++)
        {
            model.Predict("Logits", step, logits);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static double Tolerance => 200 * Math.Pow(2, -24) * 10;

    internal static CharacterModel Make(string name)
    {
        CharacterModel model = name switch
        {
            nameof(PlainCharacters) => new PlainCharacters(),
            nameof(NormalisedCharacters) => new NormalisedCharacters(),
            nameof(ScaledCharacters) => new ScaledCharacters(),
            _ => new RewrittenCharacters(),
        };
        model.Initialise(3);
        return model;
    }

    internal static int[] Text(int seed, int steps)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Rows * steps).Select(_ => random.Next(Symbols))];
    }

    /// <summary>Steps <paramref name="from"/> to <paramref name="to"/> of all rows.</summary>
    internal static Batch Batch(int[] text, int from, int to, int steps) =>
        new Batch(Rows).Add("text", Window(text, from, to, steps), to - from);

    internal static Batch Losses(int[] text, int from, int to, int steps) =>
        Batch(text, from, to, steps).Add("next", Window(text, from, to, steps), to - from);

    private static int[] Window(int[] text, int from, int to, int steps) =>
        [.. Enumerable.Range(0, Rows).SelectMany(row => text.Skip((row * steps) + from).Take(to - from))];

    /// <summary>Eager values lie step by step.</summary>
    private static Label Eager(int[] text, int from, int to, int steps) => Label.OfSequence(
        to - from, Rows,
        [.. Enumerable.Range(from, to - from).SelectMany(step => Enumerable.Range(0, Rows).Select(row => text[(row * steps) + step]))],
        Symbols);

    private static float[] Joined(float[] first, float[] second)
    {
        const int Head = Cut * Symbols;
        const int Tail = (Steps - Cut) * Symbols;
        return [.. Enumerable.Range(0, Rows).SelectMany(row => first.Skip(row * Head).Take(Head).Concat(second.Skip(row * Tail).Take(Tail)))];
    }

    /// <summary>Batches one after another that continue one state.</summary>
    private sealed class Windows(SequenceState state, Batch[] batches) : Data.BatchSource
    {
        public override int BatchesPerEpoch => batches.Length;

        public override int ExamplesPerEpoch => batches.Length * Rows;

        public override string Order => "windows";

        public override SequenceState? State => state;

        protected override Batch Deliver(Data.DataPosition place)
        {
            if (place.Batch == 0)
            {
                state.Reset();
            }
            return batches[place.Batch].Continue(state);
        }
    }
}

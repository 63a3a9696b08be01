namespace HyperDsl.Models;

/// <summary>How cells run: cut in two, on several threads, and with nothing dropped.</summary>
public sealed class CellRunTests
{
    private const int Rows = 17;
    private const int Steps = 6;
    private const int Cut = 2;
    private const ulong Key = 5;

    [Theory]
    [InlineData(nameof(HyperRnnFromPrevious))]
    [InlineData(nameof(HyperRnnFullRankFromPrevious))]
    [InlineData(nameof(HyperLstmNormalisedHyperOnly))]
    [InlineData(nameof(HyperGruWithAll))]
    public void A_sequence_cut_in_two_equals_one_pass_with_embeddings_of_the_step_before(string name)
    {
        CellModel model = CellTests.Moved(name);
        float[] x = Numbers(Steps * CellModel.Inputs, 1);
        float[] whole = model.Predict(nameof(CellModel.Hidden), new Batch(Rows).Add("x", x, Steps));
        SequenceState state = model.NewState(Rows);
        float[] first = model.Predict(nameof(CellModel.Hidden), Window(x, 0, Cut).Continue(state));
        Assert.Contains("cell.delay.last", state.Names);
        Assert.DoesNotContain(0, state.Values("cell.delay.last").ToArray());
        SequenceState forgotten = model.NewState(Rows);
        forgotten.CopyFrom(state);
        float[] second = model.Predict(nameof(CellModel.Hidden), Window(x, Cut, Steps).Continue(state));
        Assert.Equal(Of(whole, 0, Cut), first);
        Assert.Equal(Of(whole, Cut, Steps), second);
        for (int row = 0; row < Rows; row++)
        {
            forgotten.Set("cell.delay.last", row, new float[CellModel.HyperUnits]);
        }
        Assert.NotEqual(second, model.Predict(nameof(CellModel.Hidden), Window(x, Cut, Steps).Continue(forgotten)));
    }

    /// <summary>Six slices, the last of two rows.</summary>
    [Theory]
    [InlineData(nameof(HyperLstmDroppedInSlicesOfThree))]
    [InlineData(nameof(HyperRnnInSlicesOfThree))]
    public void Threads_change_no_bit_of_loss_gradients_and_states(string name)
    {
        float[] x = Numbers(Steps * CellModel.Inputs, 1);
        float[] weight = Numbers(Steps * CellModel.Units, 2);
        (double Loss, float[] Gradients, float[] States)[] runs = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            CellModel model = CellTests.Moved(name);
            model.Threads = threads;
            SequenceState state = model.NewState(Rows);
            GradientStore gradients = new(model.Parameters);
            Batch batch = new Batch(Rows).Add("x", x, Steps).Add("weight", weight, Steps).Continue(state);
            // Twice, so that states are read as well as left.
            model.LossAndGradient(nameof(CellModel.Loss), batch, gradients, Key);
            double loss = model.LossAndGradient(nameof(CellModel.Loss), batch, gradients, Key);
            return (loss, gradients.Values.ToArray(), state.Names.SelectMany(each => state.Values(each).ToArray()).ToArray());
        })];
        Assert.All(runs, run => Assert.Equal(runs[0].Loss, run.Loss));
        Assert.All(runs, run => Assert.Equal(runs[0].Gradients, run.Gradients));
        Assert.All(runs, run => Assert.Equal(runs[0].States, run.States));
        Assert.Contains(runs[0].States, value => value != 0);
    }

    [Theory]
    [InlineData(nameof(HyperLstmThatKeepsAll), nameof(HyperLstmModel))]
    [InlineData(nameof(HyperGruThatKeepsAll), nameof(HyperGruModel))]
    public void To_keep_all_is_to_drop_nothing(string name, string plain)
    {
        (double Loss, double[] Gradient) Run(string of, ulong key)
        {
            CellModel model = CellTests.Moved(of);
            double[] gradient = new double[model.Parameters.Length];
            return (model.LossAndGradient64(nameof(CellModel.Loss), Weighed(), gradient, randomKey: key), gradient);
        }
        (double loss, double[] slopes) = Run(name, Key);
        Assert.Equal(loss, CellTests.Moved(name).Loss64(nameof(CellModel.Loss), Weighed()), 1000 * Closeness.DoubleRoundoff);
        foreach ((string of, ulong key) in new[] { (name, Key + 1), (plain, Key) })
        {
            (double other, double[] gradient) = Run(of, key);
            Assert.Equal(loss, other);
            Assert.Equal(slopes, gradient);
        }
    }

    private static Batch Weighed() => new Batch(Rows)
        .Add("x", Numbers(Steps * CellModel.Inputs, 1), Steps).Add("weight", Numbers(Steps * CellModel.Units, 2), Steps);

    private static Batch Window(float[] x, int from, int to) =>
        new Batch(Rows).Add("x", Of(x, from, to), to - from);

    /// <summary>Some steps of values [row, step, width].</summary>
    private static float[] Of(float[] values, int from, int to)
    {
        int width = values.Length / (Rows * Steps);
        return [.. Enumerable.Range(0, Rows).SelectMany(row => values.Skip(((row * Steps) + from) * width).Take((to - from) * width))];
    }

    /// <summary>Values for every row.</summary>
    private static float[] Numbers(int each, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Rows * each).Select(_ => random.NextSingle() - 0.5f)];
    }
}

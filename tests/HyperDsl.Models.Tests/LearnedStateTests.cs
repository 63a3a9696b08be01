namespace HyperDsl.Models;

/// <summary>
/// Cells whose states begin with weights, against the same cells that begin at zeros. Gradients are checked with those of all cells, in
/// <see cref="CellTests"/>.
/// </summary>
public sealed class LearnedStateTests
{
    private const int Rows = 17;
    private const int Steps = 4;
    private const int Cut = 2;

    /// <summary>Two compilations of one cell, a few hundred operations a step on numbers of the size of one, each amplified by little.</summary>
    private const int Terms = 400 * Steps;

    /// <summary>A cell, the one that differs from it in its beginning only, and how many numbers the states hold.</summary>
    public static TheoryData<string, string, int> Pairs => new()
    {
        { nameof(RnnOfLearnedState), nameof(RnnModel), CellModel.Units },
        { nameof(LstmOfLearnedState), nameof(LstmModel), 2 * CellModel.Units },
        { nameof(GruOfLearnedState), nameof(GruModel), CellModel.Units },
        // The hyper cell's h, and what is delayed of it.
        { nameof(HyperRnnOfLearnedState), nameof(HyperRnnFromPrevious), CellModel.Units + (2 * CellModel.HyperUnits) },
        { nameof(HyperLstmOfLearnedState), nameof(HyperLstmNormalised), 2 * (CellModel.Units + CellModel.HyperUnits) },
        { nameof(HyperGruOfLearnedState), nameof(HyperGruModel), CellModel.Units + CellModel.HyperUnits },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_state_adds_a_weight_of_its_width_and_changes_nothing_at_first(string name, string plain, int width)
    {
        CellModel learned = CellTests.Make(name);
        CellModel without = CellTests.Make(plain);
        learned.Initialise(3);
        without.Initialise(3);
        Assert.Equal(width, Numbers(learned) - Numbers(without));
        string[] states = [.. learned.NewState(1).Names];
        Assert.Equal(states.Order(), Names(learned).Except(Names(without)).Order());
        Assert.All(states, state => Assert.All(learned.Parameters[state].ToArray(), value => Assert.Equal(0, value)));
        Assert.All(Names(without), weight => Assert.Equal(without.Parameters[weight].ToArray(), learned.Parameters[weight].ToArray()));
        Agree(Hidden(without, 0, Steps), Hidden(learned, 0, Steps), name);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_learned_value_is_one_that_the_caller_sets(string name, string plain, int width)
    {
        CellModel learned = CellTests.Moved(name);
        CellModel without = WithWeightsOf(learned, plain);
        SequenceState state = without.NewState(Rows);
        int numbers = 0;
        foreach (string each in state.Names)
        {
            float[] value = learned.Parameters[each].ToArray();
            Assert.DoesNotContain(0, value);
            numbers += value.Length;
            for (int row = 0; row < Rows; row++)
            {
                state.Set(each, row, value);
            }
        }
        Assert.Equal(width, numbers);
        float[] found = Hidden(learned, 0, Steps);
        Assert.True(Hidden(without, 0, Steps).Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-3);
        Agree(Hidden(without, 0, Steps, state), found, name);
    }

    [Theory]
    [InlineData(nameof(RnnOfLearnedState))]
    [InlineData(nameof(LstmOfLearnedState))]
    [InlineData(nameof(GruOfLearnedState))]
    [InlineData(nameof(HyperRnnOfLearnedState))]
    [InlineData(nameof(HyperLstmOfLearnedState))]
    [InlineData(nameof(HyperGruOfLearnedState))]
    public void A_carried_row_goes_on_and_one_that_is_reset_begins_with_what_was_learned(string name)
    {
        CellModel model = CellTests.Moved(name);
        SequenceState state = model.NewState(Rows);
        float[] whole = Hidden(model, 0, Steps);
        Assert.Equal(Of(whole, 0, Cut, CellModel.Units), Hidden(model, 0, Cut, state));
        state.Reset(2);
        float[] rest = Hidden(model, Cut, Steps, state);
        float[] goesOn = Of(whole, Cut, Steps, CellModel.Units);
        float[] anew = Hidden(model, Cut, Steps);
        const int Each = (Steps - Cut) * CellModel.Units;
        Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(
            (row == 2 ? anew : goesOn).AsSpan(row * Each, Each), rest.AsSpan(row * Each, Each)));
        Assert.False(anew.AsSpan(2 * Each, Each).SequenceEqual(goesOn.AsSpan(2 * Each, Each)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Training_moves_every_first_state(string name, string plain, int width)
    {
        Assert.DoesNotContain(CellTests.Moved(plain).NewState(1).Names, Names(CellTests.Make(plain)).Contains);
        CellModel model = CellTests.Moved(name);
        float[] before = model.Parameters.ReadOnlyValues.ToArray();
        Batch batch = Batch(0, Steps).Add("weight", Numbers(CellModel.Units, 2), Steps);
        new Training.Trainer(model, new Training.Sgd(0.1)).Step(batch);
        int moved = 0;
        foreach (string state in model.NewState(1).Names)
        {
            int offset = model.Parameters.Plan(state).Offset;
            float[] now = model.Parameters[state].ToArray();
            moved += now.Where((value, i) => value != before[offset + i]).Count();
        }
        Assert.Equal(width, moved);
    }

    private static string[] Names(CellModel model) => [.. model.Parameters.Parameters.Select(plan => plan.Name)];

    private static int Numbers(CellModel model) => model.Weights.Sum(weight => weight.Value.Count);

    private static CellModel WithWeightsOf(CellModel from, string name)
    {
        CellModel model = CellTests.Make(name);
        foreach (string weight in Names(model))
        {
            from.Parameters[weight].CopyTo(model.Parameters[weight]);
        }
        return model;
    }

    private static void Agree(float[] expected, float[] found, string name) => Closeness.Agree(
        Closeness.Widened(expected), Closeness.Widened(found), Closeness.SingleRoundoff, Terms, name, scale: 1);

    private static float[] Hidden(CellModel model, int from, int to, SequenceState? state = null)
    {
        Batch batch = Batch(from, to);
        return model.Predict(nameof(CellModel.Hidden), state is null ? batch : batch.Continue(state));
    }

    private static Batch Batch(int from, int to) =>
        new Batch(Rows).Add("x", Of(Numbers(CellModel.Inputs, 1), from, to, CellModel.Inputs), to - from);

    /// <summary>Some steps of values [row, step, width].</summary>
    private static float[] Of(float[] values, int from, int to, int width) =>
        [.. Enumerable.Range(0, Rows).SelectMany(row => values.Skip(((row * Steps) + from) * width).Take((to - from) * width))];

    private static float[] Numbers(int width, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Rows * Steps * width).Select(_ => random.NextSingle() - 0.5f)];
    }
}

namespace HyperDsl.Models;

/// <summary>Compiled cells against cells that are written down by hand, as loops over numbers.</summary>
public sealed class WrittenCellTests
{
    private const int Examples = 3;
    private const int Steps = 5;
    private const int Units = CellModel.Units;
    private const int HyperUnits = CellModel.HyperUnits;

    /// <summary>A few hundred operations a step on numbers of the size of one, each amplified by little.</summary>
    private const double Rounding = 400 * Steps * Closeness.DoubleRoundoff;

    private static readonly Dictionary<string, Func<WrittenWeights, WrittenCell>> Written = new()
    {
        [nameof(GruModel)] = all => new WrittenGru(all, Units, null),
        [nameof(LayerNormGruModel)] = all => new WrittenGru(all, Units, 1e-3),
        [nameof(HyperRnnModel)] = all => Rnn(all, fullRank: false, fromPrevious: false),
        [nameof(HyperRnnFromPrevious)] = all => Rnn(all, fullRank: false, fromPrevious: true),
        [nameof(HyperRnnFullRank)] = all => Rnn(all, fullRank: true, fromPrevious: false),
        [nameof(HyperRnnFullRankFromPrevious)] = all => new WrittenHyperRnnCell(
            all, new(new WrittenGru(all.Of("hyper"), HyperUnits, null), HyperUnits, fromPrevious: true), Units, fullRank: true),
        [nameof(HyperLstmNormalisedMainOnly)] = all => Lstm(all, 1e-5, 1, null, 0),
        [nameof(HyperLstmNormalisedHyperOnly)] = all => Lstm(all, null, 1, 1e-3, 1, fromPrevious: true),
        [nameof(HyperLstmOfTwoEpsilons)] = all => Lstm(all, 1e-5, 1, 0.3, 1),
        [nameof(HyperLstmDroppedEachStep)] = all => Lstm(all, null, 1, null, 1),
        [nameof(HyperGruModel)] = all => Gru(all, null, null),
        [nameof(HyperGruOfTwoEpsilons)] = all => Gru(all, 1e-5, 0.3),
        [nameof(HyperGruWithAll)] = all => Gru(all, 1e-3, null, fromPrevious: true),
    };

    public static TheoryData<string> Names => [.. Written.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void All_steps_are_as_written(string name)
    {
        CellModel model = CellTests.Moved(name);
        float[] x = Numbers(Examples * Steps * CellModel.Inputs, 1);
        double[] found = model.Predict64(nameof(CellModel.Hidden), new Batch(Examples).Add("x", x, Steps));
        List<double> expected = [];
        for (int example = 0; example < Examples; example++)
        {
            WrittenCell cell = Written[name](WrittenWeights.Of(model));
            for (int step = 0; step < Steps; step++)
            {
                expected.AddRange(cell.Step(At(x, (example * Steps) + step)));
            }
        }
        Closeness.Agree([.. expected], found, Rounding, terms: 1, name, scale: 1);
    }

    /// <summary>
    /// Of all that could be dropped in both cells, one choice gives the loss that training finds, and over many keys each cell keeps as
    /// often as it is told to. The masks are drawn anew at every step in the first model, so it is given one step.
    /// </summary>
    [Theory]
    [InlineData(nameof(HyperLstmDroppedEachStep), 1, 0.8, 0.6)]
    [InlineData(nameof(HyperGruWithAll), 3, 0.8, 0.7)]
    public void Each_cell_drops_with_its_own_probability(string name, int steps, double keep, double hyperKeep)
    {
        const int Keys = 40;
        CellModel model = CellTests.Moved(name);
        float[] x = Numbers(steps * CellModel.Inputs, 1);
        float[] weight = Numbers(steps * Units, 2);
        double[] losses = [.. Enumerable.Range(0, 1 << (Units + HyperUnits)).Select(kept => WrittenLoss(
            name, WrittenWeights.Of(model), Mask(kept, Units, keep), Mask(kept >> Units, HyperUnits, hyperKeep), x, weight))];
        Batch batch = new Batch(1).Add("x", x, steps).Add("weight", weight, steps);
        int[] found = [.. Enumerable.Range(1, Keys).Select(key =>
        {
            double loss = model.LossAndGradient64(
                nameof(CellModel.Loss), batch, new double[model.Parameters.Length], randomKey: (ulong)key);
            return Assert.Single(Enumerable.Range(0, losses.Length), kept => Math.Abs(losses[kept] - loss) < Units * Rounding);
        })];
        AssertShare(keep, found.Sum(kept => System.Numerics.BitOperations.PopCount((uint)kept % (1 << Units))), Keys * Units);
        AssertShare(hyperKeep, found.Sum(kept => System.Numerics.BitOperations.PopCount((uint)kept >> Units)), Keys * HyperUnits);
    }

    private static double WrittenLoss(
        string name, WrittenWeights all, double[] dropped, double[] hyperDropped, float[] x, float[] weight)
    {
        WrittenCell cell = name == nameof(HyperLstmDroppedEachStep)
            ? Lstm(all, null, 1, null, 1, dropped: dropped, hyperDropped: hyperDropped)
            : Gru(all, 1e-3, null, fromPrevious: true, dropped, hyperDropped);
        double loss = 0;
        for (int step = 0; step < weight.Length / Units; step++)
        {
            double[] h = cell.Step(At(x, step));
            loss += Enumerable.Range(0, Units).Sum(i => weight[(step * Units) + i] * h[i]);
        }
        return loss;
    }

    /// <summary>0 where a bit is 0, and else what an element is multiplied by that is kept.</summary>
    private static double[] Mask(int kept, int count, double keep) => [.. Enumerable.Range(0, count).Select(i => (kept >> i & 1) / keep)];

    /// <summary>Five deviations, which one in a million samples leaves; the keys are always the same.</summary>
    private static void AssertShare(double keep, int kept, int count) =>
        Assert.InRange(((double)kept / count) - keep, -5 * Math.Sqrt(keep * (1 - keep) / count), 5 * Math.Sqrt(keep * (1 - keep) / count));

    private static WrittenHyperRnnCell Rnn(WrittenWeights all, bool fullRank, bool fromPrevious) => new(
        all, new(new WrittenRnn(all.Of("hyper"), HyperUnits), HyperUnits, fromPrevious), Units, fullRank);

    private static WrittenHyperLstm Lstm(
        WrittenWeights all, double? epsilon, double forgetBias, double? hyperEpsilon, double hyperForgetBias, bool fromPrevious = false,
        double[]? dropped = null, double[]? hyperDropped = null) => new(
        all,
        new(new WrittenLstm(all.Of("hyper"), HyperUnits, hyperEpsilon, hyperForgetBias, hyperDropped), HyperUnits, fromPrevious),
        Units, epsilon, forgetBias, dropped);

    private static WrittenHyperGru Gru(
        WrittenWeights all, double? epsilon, double? hyperEpsilon, bool fromPrevious = false,
        double[]? dropped = null, double[]? hyperDropped = null) => new(
        all, new(new WrittenGru(all.Of("hyper"), HyperUnits, hyperEpsilon, hyperDropped), HyperUnits, fromPrevious), Units, epsilon, dropped);

    private static double[] At(float[] x, int place) => Closeness.Widened(x.AsSpan(place * CellModel.Inputs, CellModel.Inputs));

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}

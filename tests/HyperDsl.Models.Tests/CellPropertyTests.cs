namespace HyperDsl.Models;

/// <summary>What must not change what a cell gives: how its gates are packed, a shift that a norm takes away, who else is in the batch.</summary>
public sealed class CellPropertyTests
{
    private const int Examples = 17;
    private const int Steps = 5;
    private const int Gates = 4;

    /// <summary>A few hundred operations a step on numbers of the size of one, each amplified by little.</summary>
    private const int Terms = 400 * Steps;

    /// <summary>A loss is a sum of <see cref="Steps"/> · <see cref="CellModel.Units"/> such numbers.</summary>
    private const int LossTerms = Terms * CellModel.Units;

    /// <summary>f, o, i, g by their places in i, g, f, o.</summary>
    private static readonly int[] Order = [2, 3, 0, 1];

    [Fact]
    public void Gates_packed_in_another_order_give_the_same_outputs_and_gradients()
    {
        CellModel model = CellTests.Moved(nameof(HyperLstmNormalised));
        CellModel repacked = CellTests.Make(nameof(HyperLstmRepacked));
        double[] weights = Closeness.Widened(model.Parameters.ReadOnlyValues);
        double[] moved = Repacked(weights, model, repacked);
        Assert.NotEqual(weights, moved);
        double[] hidden = model.Predict64(nameof(CellModel.Hidden), Batch(), weights);
        Closeness.Agree(
            hidden, repacked.Predict64(nameof(CellModel.Hidden), Batch(), moved), Closeness.DoubleRoundoff, Terms, "h", scale: 1);
        double[] unmoved = repacked.Predict64(nameof(CellModel.Hidden), Batch(), weights);
        Assert.True(hidden.Zip(unmoved).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-3, "The order says nothing.");
        double[] gradient = new double[weights.Length];
        double[] found = new double[moved.Length];
        model.LossAndGradient64(nameof(CellModel.Loss), Weighed(), gradient, weights);
        repacked.LossAndGradient64(nameof(CellModel.Loss), Weighed(), found, moved);
        Closeness.Agree(Repacked(gradient, model, repacked), found, Closeness.DoubleRoundoff, LossTerms, "gradient");
    }

    /// <summary>With a norm of each gate a number that is added to one gate's bias changes nothing; without it does.</summary>
    [Theory]
    [InlineData(nameof(LayerNormLstmModel), "cell.bias", 4, 1e-5)]
    [InlineData(nameof(LayerNormGruModel), "cell.bias", 3, 1e-3)]
    [InlineData(nameof(HyperLstmNormalised), "cell.bias", 4, 1e-3)]
    [InlineData(nameof(HyperLstmNormalised), "cell.hyper.bias", 4, 1e-3)]
    [InlineData(nameof(HyperLstmNormalisedMainOnly), "cell.bias", 4, 1e-5)]
    [InlineData(nameof(HyperLstmNormalisedMainOnly), "cell.hyper.bias", 4, null)]
    [InlineData(nameof(HyperLstmNormalisedHyperOnly), "cell.bias", 4, null)]
    [InlineData(nameof(HyperLstmNormalisedHyperOnly), "cell.hyper.bias", 4, 1e-3)]
    [InlineData(nameof(HyperGruOfTwoEpsilons), "cell.bias", 3, 1e-5)]
    [InlineData(nameof(HyperGruOfTwoEpsilons), "cell.hyper.bias", 3, 0.3)]
    [InlineData(nameof(HyperGruWithAll), "cell.hyper.bias", 3, null)]
    public void A_norm_takes_away_what_is_added_to_all_of_a_gates_bias(string name, string bias, int gates, double? epsilon)
    {
        const double Shift = 0.75;
        CellModel model = CellTests.Moved(name);
        double[] weights = Closeness.Widened(model.Parameters.ReadOnlyValues);
        double[] hidden = model.Predict64(nameof(CellModel.Hidden), Batch(), weights);
        Execution.ParameterPlan plan = model.Parameters.Plan(bias);
        int units = plan.Shape[0] / gates;
        for (int gate = 0; gate < gates; gate++)
        {
            double[] shifted = [.. weights];
            foreach (ref double value in shifted.AsSpan(plan.Offset + (gate * units), units))
            {
                value += Shift;
            }
            double[] found = model.Predict64(nameof(CellModel.Hidden), Batch(), shifted);
            double change = hidden.Zip(found).Max(pair => Math.Abs(pair.First - pair.Second));
            // A norm enlarges what its sums are off by, at most by 1/√ε.
            double tolerance = Terms * Closeness.DoubleRoundoff / Math.Sqrt(epsilon ?? 1e-5);
            Assert.True(epsilon is null ? change > 1000 * tolerance : change <= tolerance, $"gate {gate}: {change:R}, tolerance {tolerance:R}");
        }
    }

    [Theory]
    [InlineData(nameof(RnnModel))]
    [InlineData(nameof(LayerNormLstmModel))]
    [InlineData(nameof(GruModel))]
    [InlineData(nameof(HyperRnnFullRank))]
    [InlineData(nameof(HyperLstmNormalised))]
    [InlineData(nameof(HyperGruModel))]
    public void A_batch_of_sequences_equals_batches_of_one(string name)
    {
        CellModel model = CellTests.Moved(name);
        double[] gradient = new double[model.Parameters.Length];
        double[] mean = new double[gradient.Length];
        double[] own = new double[gradient.Length];
        double loss = model.LossAndGradient64(nameof(CellModel.Loss), Weighed(), gradient);
        double losses = 0;
        List<double> hidden = [];
        for (int example = 0; example < Examples; example++)
        {
            hidden.AddRange(model.Predict64(nameof(CellModel.Hidden), Batch(example)));
            losses += model.LossAndGradient64(nameof(CellModel.Loss), Weighed(example), own) / Examples;
            mean = [.. mean.Zip(own, (sum, value) => sum + (value / Examples))];
        }
        Closeness.Agree([.. hidden], model.Predict64(nameof(CellModel.Hidden), Batch()), Closeness.DoubleRoundoff, Terms, "h", scale: 1);
        Assert.Equal(losses, loss, LossTerms * Closeness.DoubleRoundoff);
        Closeness.Agree(mean, gradient, Closeness.DoubleRoundoff, LossTerms, "gradient");
    }

    /// <summary>Values of the weights of one model at their places in the other, whose gates stand in <see cref="Order"/>.</summary>
    private static double[] Repacked(double[] values, CellModel from, CellModel to)
    {
        double[] moved = new double[to.Parameters.Length];
        foreach (Execution.ParameterPlan plan in to.Parameters.Parameters)
        {
            int source = from.Parameters.Plan(plan.Name).Offset;
            bool packed = !plan.Name.StartsWith("cell.hyper.", StringComparison.Ordinal)
                && !plan.Name.StartsWith("cell.cellNorm.", StringComparison.Ordinal);
            int tensors = !packed ? 1 : plan.Name.StartsWith("cell.scale", StringComparison.Ordinal) ? 2 * Gates : Gates;
            int size = plan.Shape.Aggregate(1, (product, length) => product * length) / tensors;
            for (int tensor = 0; tensor < tensors; tensor++)
            {
                int place = packed ? (tensor / Gates * Gates) + Order[tensor % Gates] : tensor;
                values.AsSpan(source + (place * size), size).CopyTo(moved.AsSpan(plan.Offset + (tensor * size)));
            }
        }
        return moved;
    }

    /// <summary>All sequences, or one of them.</summary>
    private static Batch Batch(int? example = null) =>
        new Batch(example is null ? Examples : 1).Add("x", Numbers(CellModel.Inputs, 1, example), Steps);

    private static Batch Weighed(int? example = null) => Batch(example).Add("weight", Numbers(CellModel.Units, 2, example), Steps);

    /// <summary>[example, step, width].</summary>
    private static float[] Numbers(int width, int seed, int? example)
    {
        var random = new Random(seed);
        float[] all = [.. Enumerable.Range(0, Examples * Steps * width).Select(_ => random.NextSingle() - 0.5f)];
        return example is int one ? all[(one * Steps * width)..((one + 1) * Steps * width)] : all;
    }
}

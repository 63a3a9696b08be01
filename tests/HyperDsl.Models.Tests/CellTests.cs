namespace HyperDsl.Models;

/// <summary>Every cell with every switch in one model: eager against compiled code, and gradients against differences.</summary>
public sealed class CellTests
{
    private const int Examples = 18;
    private const int Steps = 5;
    private const ulong Key = 21;

    /// <summary>Every model that differs from the others in its cell only.</summary>
    private static readonly Type[] All =
        [.. typeof(CellModel).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CellModel))).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Eager_and_compiled_agree(string name)
    {
        CellModel model = Moved(name);
        double[] eager = Eager(model, training: false, out double loss);
        double[] compiled = model.Predict64(nameof(CellModel.Hidden), Batch(weighed: false));
        Closeness.Agree(eager, compiled, Closeness.DoubleRoundoff, Terms, name, scale: 1);
        Assert.Equal(loss, model.Loss64(nameof(CellModel.Loss), Batch()), Rounding);
        Closeness.Agree(
            eager, Closeness.Widened(model.Predict(nameof(CellModel.Hidden), Batch(weighed: false))), Closeness.SingleRoundoff, Terms,
            name, scale: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eager_and_compiled_training_agree_with_the_same_masks(string name)
    {
        CellModel model = Moved(name);
        Eager(model, training: true, out double loss);
        Assert.Equal(loss, model.LossAndGradient64(nameof(CellModel.Loss), Batch(), new double[model.Parameters.Length], randomKey: Key), Rounding);
        bool dropped = name.Contains("Dropped", StringComparison.Ordinal) || name is nameof(LayerNormGruModel) or nameof(HyperGruWithAll);
        Assert.Equal(dropped, Math.Abs(loss - model.Loss64(nameof(CellModel.Loss), Batch())) > Rounding);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        CellModel model = Moved(name);
        Batch batch = Batch();
        double[] at = Closeness.Widened(model.Parameters.ReadOnlyValues);
        double[] gradient = new double[at.Length];
        model.LossAndGradient64(nameof(CellModel.Loss), batch, gradient, at, Key);
        double Loss(double[] direction, double distance) => model.LossAndGradient64(
            nameof(CellModel.Loss), batch, new double[at.Length], [.. at.Zip(direction, (value, step) => value + (distance * step))], Key);
        // Of each weight by itself, so that none hides behind a larger one.
        foreach (Execution.ParameterPlan plan in model.Parameters.Parameters)
        {
            double[] direction = new double[at.Length];
            var random = new Random(plan.Offset);
            for (int i = 0; i < Size(plan); i++)
            {
                direction[plan.Offset + i] = random.NextDouble() - 0.5;
            }
            double Difference(double step) => (Loss(direction, step) - Loss(direction, -step)) / (2 * step);
            // Richardson's extrapolation of the fourth order; what is left shows when both steps are halved.
            double Extrapolated(double step) => ((4 * Difference(step)) - Difference(2 * step)) / 3;
            const double Step = 1e-4;
            double difference = Extrapolated(Step);
            double truncation = Math.Abs(difference - Extrapolated(2 * Step));
            double exact = gradient.Zip(direction, (slope, step) => slope * step).Sum();
            double tolerance = truncation + (Rounding / Step);
            Assert.True(
                Math.Abs(difference - exact) <= tolerance,
                $"{plan.Name}: gradient {exact:R}, difference {difference:R}, tolerance {tolerance:R}");
            Assert.True(tolerance < 1e-4 * Math.Max(1, Math.Abs(exact)), $"{plan.Name}: the tolerance {tolerance:R} says nothing.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_trained_cell_loses_loss_and_both_precisions_have_one_gradient(string name)
    {
        CellModel model = Moved(name);
        double[] wide = new double[model.Parameters.Length];
        model.LossAndGradient64(nameof(CellModel.Loss), Batch(), wide, randomKey: Key);
        GradientStore narrow = new(model.Parameters);
        double before = model.LossAndGradient(nameof(CellModel.Loss), Batch(), narrow, Key);
        foreach (Execution.ParameterPlan plan in model.Parameters.Parameters)
        {
            Closeness.Agree(
                wide.AsSpan(plan.Offset, Size(plan)), Closeness.Widened(narrow.Values.Slice(plan.Offset, Size(plan))),
                Closeness.SingleRoundoff, Terms, plan.Name, scale: Math.Max(1, wide.Max(Math.Abs)));
        }
        // A short way against the gradient falls by the gradient's square, to first order.
        double square = wide.Sum(value => value * value);
        double step = 1e-3 / Math.Sqrt(square);
        double[] at = [.. model.Parameters.ReadOnlyValues.ToArray().Zip(wide, (value, slope) => value - (step * slope))];
        double after = model.LossAndGradient64(nameof(CellModel.Loss), Batch(), new double[at.Length], at, Key);
        Assert.InRange(before - after, 0.5 * step * square, 1.5 * step * square);
    }

    [Theory]
    [InlineData(nameof(LstmDroppedEachStep), false)]
    [InlineData(nameof(LstmDroppedEachSequence), true)]
    public void A_mask_of_the_sequence_is_the_same_at_every_step(string name, bool same)
    {
        // With gates shut to what was before, h is nothing but o ⊙ φ(i ⊙ dropped φ(g)), and g is constant: a zero of h is a zero of the mask.
        CellModel model = Make(name);
        model.Parameters.Values.Clear();
        model.Parameters.Values.Slice(model.Parameters.Plan("cell.bias").Offset, 4 * CellModel.Units).Fill(1);
        model.Parameters.Values.Slice(model.Parameters.Plan("cell.bias").Offset + (2 * CellModel.Units), CellModel.Units).Fill(-60);
        double[] hidden = Eager(model, training: true, out double loss);
        int pattern = CellModel.Units;
        bool[] dropped = [.. hidden.Select(value => Math.Abs(value) < 1e-20)];
        IEnumerable<bool> Of(int example, int step) => dropped.Skip(((example * Steps) + step) * pattern).Take(pattern);
        Assert.Contains(true, dropped);
        Assert.Equal(same, Enumerable.Range(0, Examples).All(example => Enumerable.Range(1, Steps - 1).All(step => Of(example, 0).SequenceEqual(Of(example, step)))));
        Assert.False(Of(0, 0).SequenceEqual(Of(1, 0)) && Of(0, 0).SequenceEqual(Of(2, 0)) && Of(0, 0).SequenceEqual(Of(3, 0)));
        Assert.Equal(loss, model.LossAndGradient64(nameof(CellModel.Loss), Batch(), new double[model.Parameters.Length], randomKey: Key), Rounding);
    }

    [Fact]
    public void Equation_8_compiled_is_equation_5_compiled_with_matrices_that_are_one_matrix_with_scaled_rows()
    {
        CellModel scaled = Moved(nameof(HyperRnnModel));
        CellModel full = Make(nameof(HyperRnnFullRank));
        double[] ours = Closeness.Widened(scaled.Parameters.ReadOnlyValues);
        double[] to = new double[full.Parameters.Length];
        foreach (Execution.ParameterPlan plan in full.Parameters.Parameters)
        {
            Execution.ParameterPlan source = scaled.Parameters.Plan(plan.Name);
            // W_hz[i, j, k] = D_h[i, k] · W_h[i, j]
            string? matrix = plan.Name switch { "cell.stateScale" => "cell.fromState", "cell.inputScale" => "cell.fromInput", _ => null };
            for (int i = 0; i < Size(plan); i++)
            {
                int column = i / CellModel.Embedding;
                int row = matrix is null ? 0 : column / plan.Shape[1];
                to[plan.Offset + i] = matrix is null
                    ? ours[source.Offset + i]
                    : ours[source.Offset + (row * CellModel.Embedding) + (i % CellModel.Embedding)] * ours[scaled.Parameters.Plan(matrix).Offset + column];
            }
        }
        Closeness.Agree(
            scaled.Predict64(nameof(CellModel.Hidden), Batch(weighed: false), ours),
            full.Predict64(nameof(CellModel.Hidden), Batch(weighed: false), to), Closeness.DoubleRoundoff, Terms, "h", scale: 1);
        double[] scaledGradient = new double[ours.Length];
        double[] fullGradient = new double[to.Length];
        scaled.LossAndGradient64(nameof(CellModel.Loss), Batch(), scaledGradient, ours);
        full.LossAndGradient64(nameof(CellModel.Loss), Batch(), fullGradient, to);
        // By the chain rule, dL/dD_h[i, k] = Σ_j W_h[i, j] dL/dW_hz[i, j, k].
        int states = scaled.Parameters.Plan("cell.fromState").Offset;
        int scales = scaled.Parameters.Plan("cell.stateScale").Offset;
        int matrices = full.Parameters.Plan("cell.stateScale").Offset;
        double[] expected =
        [
            .. from i in Enumerable.Range(0, CellModel.Units) from k in Enumerable.Range(0, CellModel.Embedding)
               select Enumerable.Range(0, CellModel.Units).Sum(j => ours[states + (i * CellModel.Units) + j]
                   * fullGradient[matrices + (((i * CellModel.Units) + j) * CellModel.Embedding) + k]),
        ];
        Closeness.Agree(expected, scaledGradient.AsSpan(scales, expected.Length), Closeness.DoubleRoundoff, Terms, "dL/dD_h", scale: 1);
    }

    [Theory]
    [InlineData(nameof(HyperLstmOfTwoEpsilons), nameof(HyperLstmOfItsOwnLstm))]
    [InlineData(nameof(HyperGruOfTwoEpsilons), nameof(HyperGruOfItsOwnGru))]
    public void A_hyper_cell_with_an_epsilon_of_its_own_is_that_cell(string name, string same)
    {
        CellModel model = Moved(name);
        double[] weights = Closeness.Widened(model.Parameters.ReadOnlyValues);
        double[] Hidden(CellModel of) => of.Predict64(nameof(CellModel.Hidden), Batch(weighed: false), weights);
        Assert.Equal(Hidden(Make(same)), Hidden(model));
    }

    /// <summary>A few hundred operations a step on numbers of the size of one, each amplified by little.</summary>
    private const int Terms = 400 * Steps;

    /// <summary>A loss is a sum of <see cref="Steps"/> · <see cref="CellModel.Units"/> such numbers.</summary>
    private const double Rounding = Terms * CellModel.Units * Closeness.DoubleRoundoff;

    internal static CellModel Make(string name) => (CellModel)Activator.CreateInstance(All.Single(type => type.Name == name))!;

    /// <summary>A model whose weights all have left their beginnings, where some have no gradient.</summary>
    internal static CellModel Moved(string name)
    {
        CellModel model = Make(name);
        model.Initialise(3);
        var random = new Random(8);
        foreach (ref float value in model.Parameters.Values)
        {
            value += 0.4f * (random.NextSingle() - 0.5f);
        }
        return model;
    }

    private static int Size(Execution.ParameterPlan plan) => plan.Shape.Aggregate(1, (product, length) => product * length);

    private static Batch Batch(bool weighed = true)
    {
        Batch batch = new Batch(Examples).Add("x", Numbers(CellModel.Inputs, 1), Steps);
        return weighed ? batch.Add("weight", Numbers(CellModel.Units, 2), Steps) : batch;
    }

    /// <summary>[example, step, width].</summary>
    private static float[] Numbers(int width, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Examples * Steps * width).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>h of all steps as [example, step, unit], and the mean loss, by the methods as they stand.</summary>
    private static double[] Eager(CellModel model, bool training, out double loss)
    {
        static Tensor Sequence(float[] values, int width) => Tensor.OfSequence(
            Steps, Examples,
            [.. from step in Enumerable.Range(0, Steps) from example in Enumerable.Range(0, Examples) from k in Enumerable.Range(0, width)
                select (double)values[(((example * Steps) + step) * width) + k]],
            width);
        Tensor x = Sequence(Numbers(CellModel.Inputs, 1), CellModel.Inputs);
        double[] hidden;
        using (Mode.Enter(training, Key, Examples, Steps))
        {
            hidden = model.Hidden(x).ToArray();
        }
        using (Mode.Enter(training, Key, Examples, Steps))
        {
            loss = model.Loss(x, Sequence(Numbers(CellModel.Units, 2), CellModel.Units)).ToArray().Average();
        }
        return
        [
            .. from example in Enumerable.Range(0, Examples) from step in Enumerable.Range(0, Steps) from k in Enumerable.Range(0, CellModel.Units)
               select hidden[(((step * Examples) + example) * CellModel.Units) + k],
        ];
    }
}

namespace HyperDsl.Models;

/// <summary>
/// The compiled HyperLSTM against golden vectors that were made in double precision from the authors' own code (variants A and B), from
/// another released one (D), and from the paper's printed form (C, E).
/// </summary>
public sealed class GoldenHyperLstmTests
{
    private const int Examples = 2;
    private const int Steps = 3;

    /// <summary>Half a unit of the last of eight digits, and what a few hundred operations a step are off by.</summary>
    private const double EightDigits = 0.5e-8 + Rounding;

    /// <summary>The same of ten digits.</summary>
    private const double TenDigits = 0.5e-10 + Rounding;

    private const double Rounding = 400 * Steps * Closeness.DoubleRoundoff;

    [Theory]
    [InlineData("A", -0.5487101253, new[] { -0.49791611, -0.55390241, -0.44294094, 0.17001620, -0.37173188, -0.79902856, 0.37410500, -0.01687083 })]
    [InlineData("B", -0.1371082325, new[] { -0.29661601, 0.04836689, 0.09537988, 0.19361787, -0.04636051, -0.01254993, 0.18226112, 0.17851897 })]
    [InlineData("C", -0.5947460069, new[] { -0.49442362, -0.56625605, -0.43188525, 0.17048282, -0.59202513, -0.72295809, 0.16464938, 0.15287321 })]
    [InlineData("D", -0.5795490299, new[] { -0.50107448, -0.55442632, -0.43984694, 0.16966978, -0.35663949, -0.80293514, 0.37554472, -0.01789246 })]
    [InlineData("E", -0.1397195881, new[] { -0.29095278, 0.03328590, 0.09246910, 0.19808596, -0.04772565, -0.01423063, 0.18804823, 0.18056695 })]
    public void States_and_loss(string variant, double loss, double[] last)
    {
        GoldenHyperLstm model = Make(variant);
        double[] parameters = Parameters(model);
        double[] hidden = model.Predict64("Hidden", Batch(), parameters);
        for (int example = 0; example < Examples; example++)
        {
            for (int unit = 0; unit < GoldenHyperLstm.Units; unit++)
            {
                double found = hidden[(((example * Steps) + Steps - 1) * GoldenHyperLstm.Units) + unit];
                Assert.Equal(last[(example * GoldenHyperLstm.Units) + unit], found, EightDigits);
            }
        }
        Assert.Equal(loss, Examples * model.Loss64("Loss", Batch(), parameters), TenDigits);
    }

    [Theory]
    [InlineData("A", 1.4999242062, 0.4120444032)]
    [InlineData("B", 0.2166032642, 0.0621371725)]
    [InlineData("D", 0.8026168366, 0.2225264191)]
    public void Norms_of_the_gradients_of_all_parameters_and_of_the_inputs(string variant, double norm, double ofInputs)
    {
        double[] gradient = Gradient(variant, out GoldenHyperLstm model);
        double[] own = Part(gradient, model, "x", 0, 1);
        Assert.Equal(ofInputs, Norm(own), TenDigits);
        double all = Norm(gradient);
        Assert.Equal(norm, Math.Sqrt((all * all) - own.Sum(value => value * value)), TenDigits);
    }

    /// <summary>Every row of the table of gradients: the Frobenius norm and the first element for each variant.</summary>
    /// <param name="weight">The weight that holds the tensor.</param>
    /// <param name="part">Its place there: gates are i, g, f, o, and what belongs to h stands before what belongs to x.</param>
    /// <param name="parts">How many tensors the weight holds.</param>
    /// <param name="a">Those of variant A.</param>
    /// <param name="b">Those of variant B.</param>
    /// <param name="d">Those of variant D.</param>
    [Theory]
    [InlineData("cell.fromState", 0, 4, new[] { 0.04082625, -0.01431575 }, new[] { 0.00284031, -0.00219027 }, new[] { 0.04870993, -0.02142511 })]
    [InlineData("cell.fromInput", 1, 4, new[] { 0.08443614, -0.01991525 }, new[] { 0.07386344, -0.02068821 }, new[] { 0.06931945, 0.00674011 })]
    [InlineData("cell.bias", 2, 4, new[] { 0.07298271, 0.05831421 }, new[] { 0.01657633, -0.01323840 }, new[] { 0.04807462, 0.02735563 })]
    [InlineData("cell.hyper.fromState", 3, 4, new[] { 0.08525601, -0.03689895 }, new[] { 0.00152549, -0.00021279 }, new[] { 0.03594607, -0.01550241 })]
    [InlineData("cell.hyper.fromInput", 0, 4, new[] { 0.14438286, 0.05197188 }, new[] { 0.00305893, 0.00003346 }, new[] { 0.07804650, 0.02649637 })]
    [InlineData("cell.hyper.bias", 1, 4, new[] { 0.77820709, -0.35407236 }, new[] { 0.01440722, -0.00967687 }, new[] { 0.32769230, -0.11946004 })]
    [InlineData("cell.scaleEmbedding.weight", 2, 8, new[] { 0.00157848, -0.00041611 }, new[] { 0.00046956, -0.00000855 }, new[] { 0.00425805, -0.00174644 })]
    [InlineData("cell.scaleEmbedding.bias", 4, 8, new[] { 0.00910026, 0.00331844 }, new[] { 0.00390760, -0.00282974 }, new[] { 0.02133287, -0.00589638 })]
    [InlineData("cell.biasEmbedding.weight", 3, 4, new[] { 0.04550677, 0.00973486 }, new[] { 0.00628991, -0.00226287 }, new[] { 0.05827957, -0.03291131 })]
    [InlineData("cell.scale", 1, 8, new[] { 0.03154311, 0.00225457 }, new[] { 0.00759682, 0.00026738 }, new[] { 0.03639463, 0.00169469 })]
    [InlineData("cell.scale", 6, 8, new[] { 0.01834834, 0.01598425 }, new[] { 0.00180912, 0.00082850 }, new[] { 0.01703986, 0.01313807 })]
    [InlineData("cell.biasScale", 0, 4, new[] { 0.01850748, -0.00549040 }, new[] { 0.00950145, -0.00174558 }, new[] { 0.03245394, 0.00507120 })]
    public void Gradient_of_one_tensor(string weight, int part, int parts, double[] a, double[] b, double[] d)
    {
        foreach ((string variant, double[] expected) in new[] { ("A", a), ("B", b), ("D", d) })
        {
            double[] own = Part(Gradient(variant, out GoldenHyperLstm model), model, weight, part, parts);
            double[] found = [Norm(own), own[0]];
            Assert.All(expected.Zip(found), pair => Assert.True(
                Math.Abs(pair.First - pair.Second) <= EightDigits, $"{variant}: expected {pair.First:R}, found {pair.Second:R}"));
        }
    }

    [Fact]
    public void At_the_first_step_the_hyper_cell_has_no_gradient_but_what_wakes_it_has()
    {
        GoldenHyperLstm model = Initialised();
        GradientStore gradients = new(model.Parameters);
        model.LossAndGradient("Loss", Batch(), gradients);
        foreach ((string name, _) in model.Weights.Where(weight => weight.Value.Trained))
        {
            bool zero = gradients[name].ToArray().All(value => value == 0);
            bool asleep = name.StartsWith("cell.hyper.", StringComparison.Ordinal) || name == "cell.biasEmbedding.weight";
            Assert.True(zero == asleep, name);
        }
    }

    [Fact]
    public void After_one_step_of_training_the_hyper_cell_wakes_up()
    {
        GoldenHyperLstm model = Initialised();
        new HyperDsl.Training.Trainer(model, new HyperDsl.Training.Sgd(0.1)).Step(Batch());
        GradientStore gradients = new(model.Parameters);
        model.LossAndGradient("Loss", Batch(), gradients);
        Assert.All(
            model.Weights.Where(weight => weight.Value.Trained), weight => Assert.Contains(gradients[weight.Key].ToArray(), value => value != 0));
    }

    [Fact]
    public void Where_the_main_cell_begins_at_zero_scalings_and_embeddings_have_no_gradient()
    {
        var model = new HyperLstmZeroMain();
        model.Initialise(1);
        GradientStore gradients = new(model.Parameters);
        model.LossAndGradient("Loss", new Batch(1).Add("x", [0.3f, -0.2f, 0.5f], 1).Add("weight", [1f, 2f, 3f, 4f, 5f], 1), gradients);
        // At the first step there is no state, so that of W_h is zero as well.
        string[] zero = ["cell.scale", "cell.scaleEmbedding.weight", "cell.scaleEmbedding.bias", "cell.fromState", "cell.hyper.fromState"];
        Assert.All(model.Parameters.Parameters, plan => Assert.Equal(
            zero.Contains(plan.Name), gradients[plan.Name].ToArray().All(value => value == 0)));
    }

    [Theory]
    [InlineData("cell.bias", GoldenHyperLstm.Units)]
    [InlineData("cell.hyper.bias", GoldenHyperLstm.HyperUnits)]
    public void A_norm_takes_no_notice_of_a_common_shift_so_gradients_of_a_gates_bias_add_up_to_zero(string name, int units)
    {
        double[] gradient = Gradient("A", out GoldenHyperLstm model);
        double[] own = gradient[model.Parameters.Plan(name).Offset..][..(4 * units)];
        for (int gate = 0; gate < 4; gate++)
        {
            // Sums of a few dozen products of doubles, over all steps and examples.
            Assert.Equal(0, own[(gate * units)..((gate + 1) * units)].Sum(), 1000 * Closeness.DoubleRoundoff);
            Assert.Contains(own[(gate * units)..((gate + 1) * units)], value => Math.Abs(value) > 1e-3);
        }
    }

    private static double[] Gradient(string variant, out GoldenHyperLstm model)
    {
        model = Make(variant);
        double[] gradient = new double[model.Parameters.Length];
        model.LossAndGradient64("Loss", Batch(), gradient, Parameters(model));
        return [.. gradient.Select(value => Examples * value)];
    }

    private static GoldenHyperLstm Make(string variant) => variant switch
    {
        "A" => new GoldenA(), "B" => new GoldenB(), "C" => new GoldenC(), "D" => new GoldenD(), _ => new GoldenE(),
    };

    /// <summary>As weights begin, with the inputs of the test case.</summary>
    private static GoldenA Initialised()
    {
        var model = new GoldenA();
        model.Initialise(1);
        foreach ((string name, Weight weight) in model.Weights.Where(weight => weight.Key is "x" or "weight"))
        {
            weight.SetValues(Inputs(name));
        }
        return model;
    }

    /// <summary>Places are counted over (t, b); a batch wants [b][t].</summary>
    private static Batch Batch() => new Batch(Examples).Add(
        "place",
        [.. from example in Enumerable.Range(0, Examples) from step in Enumerable.Range(0, Steps) select (step * Examples) + example],
        Steps);

    /// <summary>X = 0.8 cos(0.9 m + 0.1), and what h is multiplied by, 0.5 cos(0.4 m).</summary>
    private static double[] Inputs(string name) => name == "x"
        ? [.. Enumerable.Range(0, GoldenHyperLstm.Places * GoldenHyperLstm.Inputs).Select(m => 0.8 * Math.Cos((0.9 * m) + 0.1))]
        : [.. Enumerable.Range(0, GoldenHyperLstm.Places * GoldenHyperLstm.Units).Select(m => 0.5 * Math.Cos(0.4 * m))];

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    /// <summary>One of the equal parts of a weight's gradient.</summary>
    private static double[] Part(double[] gradient, GoldenHyperLstm model, string weight, int part, int parts)
    {
        Execution.ParameterPlan plan = model.Parameters.Plan(weight);
        int size = plan.Shape.Aggregate(1, (product, length) => product * length) / parts;
        return gradient[(plan.Offset + (part * size))..(plan.Offset + ((part + 1) * size))];
    }

    /// <summary>Tensor n of the list is filled with 0.5 sin(0.7 k + 1.3 n + 0.2), gains with 1 + 0.1 sin(…); gates i, g, f, o.</summary>
    private static double[] Parameters(GoldenHyperLstm model)
    {
        (string Name, int First, int Count, bool IsGain)[] tensors =
        [
            ("cell.fromState", 0, 4, false), ("cell.fromInput", 4, 4, false), ("cell.bias", 8, 4, false),
            ("cell.hyper.fromState", 12, 4, false), ("cell.hyper.fromInput", 16, 4, false), ("cell.hyper.bias", 20, 4, false),
            ("cell.biasEmbedding.weight", 40, 4, false), ("cell.biasScale", 52, 4, false),
            ("cell.gateNorm.gain", 56, 4, true), ("cell.gateNorm.shift", 60, 4, false),
            ("cell.cellNorm.gain", 64, 1, true), ("cell.cellNorm.shift", 65, 1, false),
            ("cell.hyper.gateNorm.gain", 66, 4, true), ("cell.hyper.gateNorm.shift", 70, 4, false),
            ("cell.hyper.cellNorm.gain", 74, 1, true), ("cell.hyper.cellNorm.shift", 75, 1, false),
            // Weights for h then x share a tensor here; their biases stand between them in the list.
            ("cell.scale", 44, 8, false),
        ];
        double[] values = new double[model.Parameters.Length];
        foreach (Execution.ParameterPlan plan in model.Parameters.Parameters)
        {
            int size = plan.Shape.Aggregate(1, (product, length) => product * length);
            if (plan.Name is "x" or "weight")
            {
                Inputs(plan.Name).CopyTo(values, plan.Offset);
                continue;
            }
            if (plan.Name.StartsWith("cell.scaleEmbedding.", StringComparison.Ordinal))
            {
                int first = plan.Name.EndsWith("weight", StringComparison.Ordinal) ? 24 : 28;
                Fill(values, plan.Offset, size / 2, first, 4, isGain: false);
                Fill(values, plan.Offset + (size / 2), size / 2, first + 8, 4, isGain: false);
                continue;
            }
            (_, int number, int count, bool isGain) = tensors.Single(tensor => tensor.Name == plan.Name);
            Fill(values, plan.Offset, size, number, count, isGain);
        }
        return values;
    }

    private static void Fill(double[] values, int offset, int size, int first, int count, bool isGain)
    {
        int each = size / count;
        for (int i = 0; i < size; i++)
        {
            double wave = Math.Sin((0.7 * (i % each)) + (1.3 * (first + (i / each))) + 0.2);
            values[offset + i] = isGain ? 1 + (0.1 * wave) : 0.5 * wave;
        }
    }
}

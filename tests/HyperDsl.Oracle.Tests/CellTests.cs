using HyperDsl.Execution;
using TorchSharp;
using Twin = System.Func<System.Collections.Generic.IReadOnlyDictionary<string, TorchSharp.torch.Tensor>, HyperDsl.Oracle.TorchCell>;

namespace HyperDsl.Oracle;

/// <summary>
/// Compiled cells against the same cells written by hand for libtorch: outputs of all steps, the loss, and its gradient with respect to
/// every weight, in double and in single precision. Weights are random, so that no scaling and no gradient is zero.
/// </summary>
public sealed class CellTests : TorchTest
{
    private const string Path = "cell";
    private const int Steps = 6;
    private const double DoubleRoundoff = 1.0 / (1L << 53);
    private const double SingleRoundoff = 1.0 / (1 << 24);

    /// <summary>Roundings a term on both sides: a product, a sum, and a share of the functions between the sums.</summary>
    private const double RoundingsPerTerm = 4;

    private static readonly Dictionary<string, (Func<CellModel> Make, Twin Twin)> Cases = new()
    {
        ["rnn-50"] = (() => new Rnn50(), weights => new TorchRnn(weights, Path)),
        ["gru-50"] = (() => new Gru50(), weights => new TorchGru(weights, Path)),
        ["lstm-20"] = (() => new Lstm20(), weights => new TorchLstm(weights, Path, forgetBias: 0)),
        ["lstm-64"] = (() => new Lstm64(), weights => new TorchLstm(weights, Path)),
        ["lstm-50-norm"] = (() => new LayerNormLstm50(), weights => new TorchLstm(weights, Path)),
        ["lstm-64-norm"] = (() => new LayerNormLstm64(), weights => new TorchLstm(weights, Path, 1e-5)),
        ["hyperrnn-50-24-8"] = (() => new HyperRnn50(), weights => new TorchHyperRnn(weights, Path)),
        ["hyperrnn-20-12-4-full"] = (() => new FullRankHyperRnn20(), weights => new TorchHyperRnn(weights, Path)),
        ["hypergru-50-24-4"] = (() => new HyperGru50(), weights => new TorchHyperGru(weights, Path)),
        ["hyperlstm-50-24-4"] = (() => new HyperLstm50(), weights => new TorchHyperLstm(weights, Path)),
        ["hyperlstm-64-33-16"] = (() => new HyperLstm64(), weights => new TorchHyperLstm(weights, Path)),
        ["hyperlstm-50-24-4-norm"] = (() => new LayerNormHyperLstm50(), weights => new TorchHyperLstm(weights, Path)),
        ["hyperlstm-56-32-16-norm"] = (() => new LayerNormHyperLstm56(), weights => new TorchHyperLstm(weights, Path, 1e-5)),
        ["hyperlstm-64-40-8-norm"] = (() => new LayerNormHyperLstm64(), weights => new TorchHyperLstm(weights, Path, 1e-3, 0.5)),
        ["hyperlstm-50-24-4-delayed"] = (() => new DelayedHyperLstm50(), weights => new TorchHyperLstm(weights, Path, fromPrevious: true)),
    };

    public static TheoryData<string, int> CasesAndBatches()
    {
        var data = new TheoryData<string, int>();
        foreach (string name in Cases.Keys)
        {
            data.Add(name, 5);
            data.Add(name, 37);
        }
        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(CasesAndBatches))]
    public void Outputs_loss_and_gradients_agree_with_libtorch(string name, int examples)
    {
        CellModel model = Cases[name].Make();
        float[] x = Randomise(model, examples);
        Dictionary<string, torch.Tensor> weights = model.Weights.ToDictionary(
            weight => weight.Key,
            weight => torch.tensor(Widened(model.Parameters[weight.Key])).reshape(Sizes(weight.Value)).requires_grad_());
        torch.Tensor hidden = Cases[name].Twin(weights).Scan(torch.tensor(Widened(x)).reshape(examples, Steps, CellModel.Inputs));
        torch.Tensor loss = (hidden - weights["target"]).square().sum().div(examples);
        loss.backward();

        var batch = new Batch(examples).Add("x", x, Steps);
        double terms = Terms(model, examples);
        CheckDouble(model, batch, hidden, loss, weights, RoundingsPerTerm * terms * DoubleRoundoff);
        CheckSingle(model, batch, hidden, loss, weights, RoundingsPerTerm * terms * SingleRoundoff);
    }

    private static void CheckDouble(
        CellModel model, Batch batch, torch.Tensor hidden, torch.Tensor loss, Dictionary<string, torch.Tensor> weights, double tolerance)
    {
        double[] gradient = new double[model.Parameters.Length];
        Near(hidden, model.Predict64("Hidden", batch), tolerance);
        Near(loss, [model.LossAndGradient64("Loss", batch, gradient)], tolerance);
        foreach (ParameterPlan parameter in model.Parameters.Parameters)
        {
            int length = (int)weights[parameter.Name].numel();
            Near(weights[parameter.Name].grad!, gradient[parameter.Offset..(parameter.Offset + length)], tolerance);
        }
    }

    private static void CheckSingle(
        CellModel model, Batch batch, torch.Tensor hidden, torch.Tensor loss, Dictionary<string, torch.Tensor> weights, double tolerance)
    {
        var gradients = new GradientStore(model.Parameters);
        Near(hidden, Widened(model.Predict("Hidden", batch)), tolerance);
        Near(loss, [model.LossAndGradient("Loss", batch, gradients)], tolerance);
        foreach ((string parameter, torch.Tensor weight) in weights)
        {
            Near(weight.grad!, Widened(gradients[parameter]), tolerance);
        }
    }

    /// <summary>
    /// The longest chain of sums: at each step one product over state and input, each way; behind the steps a weight's gradient over
    /// all steps and examples.
    /// </summary>
    private static double Terms(CellModel model, int examples)
    {
        int longest = model.Weights.Max(weight => weight.Value.Shape[^1]) + CellModel.Inputs;
        return Steps * ((2 * longest) + examples);
    }

    /// <summary>Gives all weights random values, and returns an input.</summary>
    private static float[] Randomise(CellModel model, int examples)
    {
        var random = new Random(4);
        foreach ((string name, Weight weight) in model.Weights)
        {
            // Sums of products stay near 1 whatever the size; gains stay away from 0.
            double scale = Math.Sqrt(weight.Rank > 1 ? 3.0 / weight.Shape[^1] : 0.5);
            double centre = name.EndsWith("gain", StringComparison.Ordinal) || name.EndsWith("scaleEmbedding.bias", StringComparison.Ordinal) ? 1 : 0;
            foreach (ref float value in model.Parameters[name])
            {
                value = (float)(centre + (scale * ((2 * random.NextDouble()) - 1)));
            }
        }
        return [.. Enumerable.Range(0, examples * Steps * CellModel.Inputs).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static long[] Sizes(Weight weight) => [.. weight.Shape.Select(size => (long)size)];

    private static double[] Widened(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }
        return wide;
    }

    private static void Near(torch.Tensor theirs, double[] ours, double tolerance)
    {
        double[] expected = TorchReferee.ToArray(theirs);
        double scale = expected.Max(Math.Abs);
        Assert.True(scale > 0, "Nothing is compared where all numbers are zero.");
        TorchReferee.AssertClose(ours, expected, _ => tolerance * scale);
    }
}

using HyperDsl.Tests.Dsl;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Networks.Cells;

/// <summary>
/// The states of the eager HyperLSTM after three steps against golden vectors of independent code in double precision, and facts that
/// follow from how its weights begin.
/// </summary>
public sealed class HyperLstmStatesTests
{
    private const int Inputs = 3;
    private const int Units = 4;
    private const int Steps = 3;
    private const int Examples = 2;

    /// <summary>Half a unit of the last printed digit, and as much again for roundings here and there.</summary>
    private const double HalfUnit = 0.5e-8 * 1.01;

    /// <summary>c, then ĥ, then ĉ of the first example after the last step.</summary>
    public static TheoryData<string, double[], double[], double[]> Last => new()
    {
        { "A", [-0.43510291, -0.27728745, -0.06404210, 1.40490698], [0.20900740, -0.62049389, -0.62095337], [0.95239374, -0.48739849, -0.61111624] },
        { "B", [-0.48983782, 0.08274608, 0.17779022, 0.65366985], [0.18969989, -0.30873666, -0.37490699], [0.79344498, -0.53964760, -0.71383672] },
        { "C", [-0.44364544, -0.31600771, -0.04343054, 1.50938403], [0.20899044, -0.61850652, -0.62195833], [0.93365928, -0.48804577, -0.61989939] },
        { "D", [-0.35693882, -0.22361257, -0.04363896, 1.15336505], [0.20913831, -0.63437553, -0.61262835], [0.82595427, -0.38498972, -0.43431474] },
        { "E", [-0.47882046, 0.05716350, 0.17403222, 0.66507368], [0.18968594, -0.30989342, -0.37589382], [0.79440898, -0.54080999, -0.71537005] },
    };

    [Theory]
    [MemberData(nameof(Last))]
    public void States_after_the_last_step(string variant, double[] c, double[] hyper, double[] hyperCell)
    {
        HyperLstm cell = Make(variant);
        for (int step = 0; step < Steps; step++)
        {
            cell.Step(X().AtStep(step));
        }
        Dictionary<string, double[]> states = States(cell);
        Close(c, states["c"]);
        Close(hyper, states["hyper.h"]);
        Close(hyperCell, states["hyper.c"]);
    }

    [Theory]
    [InlineData("A", new[] { -0.51013150, -0.49361316, -0.43411686, 0.17674274 }, new[] { 0.27007533, -0.57732363, -0.48227293 })]
    [InlineData("B", new[] { -0.09577995, 0.00219526, 0.02830350, 0.09597126 }, new[] { 0.07069859, -0.14019121, -0.14442281 })]
    public void After_the_first_step(string variant, double[] h, double[] hyper)
    {
        HyperLstm cell = Make(variant);
        cell.Step(X().AtStep(0));
        Close(h, States(cell)["h"]);
        Close(hyper, States(cell)["hyper.h"]);
    }

    [Fact]
    public void A_scan_equals_steps_by_hand_and_a_sequence_cut_in_two_equals_one_pass()
    {
        HyperLstm cell = Make("A");
        Tensor whole = cell.Scan(X());
        Assert.All(States(cell).Values, state => Assert.All(state, value => Assert.Equal(0, value)));
        for (int step = 0; step < Steps; step++)
        {
            Assert.Equal(whole.AtStep(step).ToArray(), cell.Step(X().AtStep(step)).ToArray());
        }

        HyperLstm again = Make("A");
        again.Step(X().AtStep(0));
        int rest = Steps - 1;
        double[] later = X().ToArray()[(Examples * Inputs)..];
        Assert.Equal(
            whole.ToArray()[(Examples * Units)..], again.Scan(Tensor.OfSequence(rest, Examples, later, Inputs)).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void As_weights_begin_the_first_step_is_that_of_an_lstm_with_weights_ten_times_smaller(bool layerNorm)
    {
        HyperLstm hyper = new(Inputs, Units, 3, 2, layerNorm);
        Lstm plain = new(Inputs, Units, layerNorm);
        // Where weights belong to a buffer they are single precision; its values are copied before any is scaled.
        ParameterStore store = new(hyper);
        store.Initialise(5);
        Dictionary<string, Weight> weights = WeightVisitor.Walk(hyper).Weights.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach ((string name, Weight weight) in WeightVisitor.Walk(plain).Weights)
        {
            double factor = name is "fromState" or "fromInput" ? 0.1f : 1;
            weight.SetValues([.. weights[name].ToArray().Select(value => factor * value)]);
        }
        Tensor x = X().AtStep(0);
        // The scale 0.1 / embedding is stored in single precision: two of them make 0.1f.
        TensorAssert.Close(plain.Step(x).ToArray(), hyper.Step(x), roundings: 100);
    }

    private static HyperLstm Make(string variant)
    {
        HyperLstm cell = new(
            Inputs, Units, hyperUnits: 3, embedding: 2, layerNorm: variant is "A" or "C" or "D", epsilon: variant == "D" ? 1e-5 : 1e-3,
            forgetBias: variant == "D" ? 0 : 1, fromPrevious: variant is "C" or "E");
        foreach ((string name, Weight weight) in WeightVisitor.Walk(cell).Weights)
        {
            weight.SetValues(name switch
            {
                "fromState" => Filled(weight, 0, 1, 2, 3),
                "fromInput" => Filled(weight, 4, 5, 6, 7),
                "bias" => Filled(weight, 8, 9, 10, 11),
                "hyper.fromState" => Filled(weight, 12, 13, 14, 15),
                "hyper.fromInput" => Filled(weight, 16, 17, 18, 19),
                "hyper.bias" => Filled(weight, 20, 21, 22, 23),
                "scaleEmbedding.weight" => Filled(weight, 24, 25, 26, 27, 32, 33, 34, 35),
                "scaleEmbedding.bias" => Filled(weight, 28, 29, 30, 31, 36, 37, 38, 39),
                "biasEmbedding.weight" => Filled(weight, 40, 41, 42, 43),
                "scale" => Filled(weight, 44, 45, 46, 47, 48, 49, 50, 51),
                "biasScale" => Filled(weight, 52, 53, 54, 55),
                "gateNorm.gain" => Gain(weight, 56, 57, 58, 59),
                "gateNorm.shift" => Filled(weight, 60, 61, 62, 63),
                "cellNorm.gain" => Gain(weight, 64),
                "cellNorm.shift" => Filled(weight, 65),
                "hyper.gateNorm.gain" => Gain(weight, 66, 67, 68, 69),
                "hyper.gateNorm.shift" => Filled(weight, 70, 71, 72, 73),
                "hyper.cellNorm.gain" => Gain(weight, 74),
                "hyper.cellNorm.shift" => Filled(weight, 75),
                _ => throw new InvalidOperationException($"There is no rule for '{name}'."),
            });
        }
        return cell;
    }

    /// <summary>Equal parts of a weight, one for each tensor of the list.</summary>
    private static double[] Filled(Weight weight, params int[] tensors) =>
        [.. tensors.SelectMany(n => TensorAssert.FillValues(n, weight.Count / tensors.Length))];

    private static double[] Gain(Weight weight, params int[] tensors) =>
        [.. Filled(weight, tensors).Select(value => 1 + (0.2 * value))];

    /// <summary>0.8 cos(0.9 m + 0.1), m counted over (step, example, input).</summary>
    private static Tensor X() => Tensor.OfSequence(
        Steps, Examples,
        [.. Enumerable.Range(0, Steps * Examples * Inputs).Select(m => 0.8 * Math.Cos((0.9 * m) + 0.1))], Inputs);

    private static Dictionary<string, double[]> States(Cell cell) =>
        WeightVisitor.Walk(cell).States.ToDictionary(state => state.Name, state => state.Read()!.ToArray());

    /// <summary>The first example against printed numbers.</summary>
    private static void Close(double[] expected, double[] actual) => Assert.All(
        expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -HalfUnit, HalfUnit));
}

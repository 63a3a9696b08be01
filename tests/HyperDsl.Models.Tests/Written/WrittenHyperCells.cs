using static HyperDsl.Models.WrittenArithmetic;

namespace HyperDsl.Models;

/// <summary>Which ĥ the embeddings of a step come from.</summary>
/// <param name="hyper">The hyper cell.</param>
/// <param name="units">Width of ĥ.</param>
/// <param name="fromPrevious">Whether from that of the step before, which is 0 at the first.</param>
internal sealed class WrittenHyper(WrittenCell hyper, int units, bool fromPrevious)
{
    private double[] last = new double[units];

    /// <param name="h">The main cell's state.</param>
    /// <param name="x">Its input.</param>
    public double[] Step(double[] h, double[] x)
    {
        double[] before = last;
        last = hyper.Step([.. h, .. x]);
        return fromPrevious ? before : last;
    }
}

/// <summary>An LSTM whose rows another cell scales.</summary>
internal sealed class WrittenHyperLstm(
    WrittenWeights weights, WrittenHyper hyper, int units, double? epsilon, double forgetBias, double[]? dropped = null)
    : WrittenLstm(weights, units, epsilon, forgetBias, dropped)
{
    private readonly WrittenWeights weights = weights;
    private double[] a = [];

    public override double[] Step(double[] x)
    {
        a = hyper.Step(H, x);
        return base.Step(x);
    }

    protected override double[] Sum(int gate, double[] x) => Plus(
        Plus(
            TimesEach(WrittenScaling.Of(weights, a, gate, 4), Times(weights.Part("fromState", gate, 4), H)),
            TimesEach(WrittenScaling.Of(weights, a, gate + 4, 4), Times(weights.Part("fromInput", gate, 4), x))),
        Plus(WrittenScaling.Bias(weights, a, gate, 4), weights.Part("bias", gate, 4)));
}

/// <summary>A GRU whose rows another cell scales.</summary>
internal sealed class WrittenHyperGru(WrittenWeights weights, WrittenHyper hyper, int units, double? epsilon, double[]? dropped = null)
    : WrittenGru(weights, units, epsilon, dropped)
{
    private readonly WrittenWeights weights = weights;
    private double[] a = [];

    public override double[] Step(double[] x)
    {
        a = hyper.Step(H, x);
        return base.Step(x);
    }

    protected override double[] FromState(int gate) =>
        TimesEach(WrittenScaling.Of(weights, a, gate, 3), Times(weights.Part("fromState", gate, 3), H));

    protected override double[] FromInput(int gate, double[] x) => Plus(
        TimesEach(WrittenScaling.Of(weights, a, gate + 3, 3), Times(weights.Part("fromInput", gate, 3), x)),
        Plus(WrittenScaling.Bias(weights, a, gate, 3), weights.Part("bias", gate, 3)));
}

/// <summary>A recurrent network whose rows, or at full rank whose matrices, another cell makes: equations 8 and 5.</summary>
internal sealed class WrittenHyperRnnCell(WrittenWeights weights, WrittenHyper hyper, int units, bool fullRank) : WrittenCell
{
    private double[] h = new double[units];

    public override double[] Step(double[] x)
    {
        double[] a = hyper.Step(h, x);
        double[] state = Times(weights["stateScale"], WrittenScaling.Linear(weights.Of("stateEmbedding"), a));
        double[] input = Times(weights["inputScale"], WrittenScaling.Linear(weights.Of("inputEmbedding"), a));
        double[] fromState = fullRank ? Times(state, h) : TimesEach(state, Times(weights["fromState"], h));
        double[] fromInput = fullRank ? Times(input, x) : TimesEach(input, Times(weights["fromInput"], x));
        double[] offset = Plus(Times(weights["biasScale"], Times(weights["biasEmbedding.weight"], a)), weights["bias"]);
        return h = Each(i => Math.Tanh(fromState[i] + fromInput[i] + offset[i]), units);
    }
}

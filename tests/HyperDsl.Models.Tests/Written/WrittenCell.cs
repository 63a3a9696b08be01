using static HyperDsl.Models.WrittenArithmetic;

namespace HyperDsl.Models;

/// <summary>
/// A cell as loops over numbers, for one example, written down from the paper's equations: it shares nothing with the language or the
/// compiler. Epsilon is the norm's, and there is no norm where it is null.
/// </summary>
internal abstract class WrittenCell
{
    /// <summary>The next h.</summary>
    /// <param name="x">The input of this step.</param>
    public abstract double[] Step(double[] x);
}

/// <summary>h = φ(W_h h + W_x x + b).</summary>
internal sealed class WrittenRnn(WrittenWeights weights, int units) : WrittenCell
{
    private double[] h = new double[units];

    public override double[] Step(double[] x)
    {
        double[] sum = Plus(Plus(Times(weights["fromState"], h), Times(weights["fromInput"], x)), weights["bias"]);
        return h = Each(i => Math.Tanh(sum[i]), units);
    }
}

/// <summary>An LSTM.</summary>
/// <param name="dropped">What φ(g) is multiplied by; all 1 where nothing is dropped.</param>
internal class WrittenLstm(WrittenWeights weights, int units, double? epsilon, double forgetBias, double[]? dropped = null) : WrittenCell
{
    private double[] c = new double[units];

    protected double[] H { get; private set; } = new double[units];

    public override double[] Step(double[] x)
    {
        double[][] y = [.. Enumerable.Range(0, 4).Select(gate => Norm(Sum(gate, x), weights.Of("gateNorm"), gate, 4, epsilon))];
        c = Each(
            i => (Sigma(y[2][i] + forgetBias) * c[i]) + (Sigma(y[0][i]) * Math.Tanh(y[1][i]) * (dropped is null ? 1 : dropped[i])), units);
        double[] m = Norm(c, weights.Of("cellNorm"), 0, 1, epsilon);
        return H = Each(i => Sigma(y[3][i]) * Math.Tanh(m[i]), units);
    }

    /// <summary>What the norm of a gate gets; the gates are i, g, f, o.</summary>
    protected virtual double[] Sum(int gate, double[] x) => Plus(
        Plus(Times(weights.Part("fromState", gate, 4), H), Times(weights.Part("fromInput", gate, 4), x)), weights.Part("bias", gate, 4));
}

/// <summary>A GRU whose reset gate acts on the product with the state.</summary>
/// <param name="dropped">What n is multiplied by; all 1 where nothing is dropped.</param>
internal class WrittenGru(WrittenWeights weights, int units, double? epsilon, double[]? dropped = null) : WrittenCell
{
    protected double[] H { get; private set; } = new double[units];

    public override double[] Step(double[] x)
    {
        WrittenWeights norms = weights.Of("gates");
        double[][] y = [.. Enumerable.Range(0, 2).Select(gate => Norm(
            Plus(FromState(gate), FromInput(gate, x)), norms.Of("gateNorm"), gate, 2, epsilon))];
        double[] state = Plus(FromState(2), weights["stateBias"]);
        double[] input = FromInput(2, x);
        double[] sum = Norm(
            Each(i => input[i] + (Sigma(y[0][i]) * state[i]), units), norms.Of("candidateNorm"), 0, 1, epsilon);
        return H = Each(
            i => ((1 - Sigma(y[1][i])) * Math.Tanh(sum[i]) * (dropped is null ? 1 : dropped[i])) + (Sigma(y[1][i]) * H[i]), units);
    }

    /// <summary>W_h h of a gate of r, u, n.</summary>
    protected virtual double[] FromState(int gate) => Times(weights.Part("fromState", gate, 3), H);

    /// <summary>W_x x + b of a gate.</summary>
    protected virtual double[] FromInput(int gate, double[] x) =>
        Plus(Times(weights.Part("fromInput", gate, 3), x), weights.Part("bias", gate, 3));
}

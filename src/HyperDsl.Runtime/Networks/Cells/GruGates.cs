using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// What a GRU does with its products, whoever made them:
/// <code>
/// r = σ(LN(s_r + a_r))        u = σ(LN(s_u + a_u))        n = φ(LN(a_n + r ⊙ (s_n + b)))
/// h = (1 − u) ⊙ dropout(n) + u ⊙ h
/// </code>
/// </summary>
[Network]
public sealed partial class GruGates
{
    private readonly GateNorm? gateNorm;
    private readonly LayerNorm? candidateNorm;
    private readonly int units;
    private readonly double keep;
    private readonly MaskScope mask;

    /// <param name="units">Width of h.</param>
    /// <param name="layerNorm">Whether each gate and the candidate are normalised.</param>
    /// <param name="epsilon">Inside the root of a layer norm.</param>
    /// <param name="keep">Probability that an element of n is kept in training.</param>
    /// <param name="mask">Whether what is kept is drawn anew at every step or once a sequence.</param>
    public GruGates(int units, bool layerNorm, double epsilon, double keep, MaskScope mask)
    {
        gateNorm = layerNorm ? new GateNorm(2, units, epsilon) : null;
        candidateNorm = layerNorm ? new LayerNorm(units, epsilon) : null;
        this.units = units;
        this.keep = keep;
        this.mask = mask;
    }

    /// <param name="h">The state, [units].</param>
    /// <param name="state">s, what was made of the state for r, u and n, [3 · units].</param>
    /// <param name="input">a, what was made of the input, with its bias, [3 · units].</param>
    /// <param name="stateBias">b, [units].</param>
    /// <returns>The next state.</returns>
    public Tensor Next(Tensor h, Tensor state, Tensor input, Tensor stateBias)
    {
        Tensor sums = state[..(2 * units)] + input[..(2 * units)];
        Tensor gates = Sigmoid(gateNorm is null ? sums : gateNorm.Call(sums));
        Tensor reset = gates[..units];
        Tensor update = gates[units..];
        Tensor sum = input[(2 * units)..] + reset * (state[(2 * units)..] + stateBias);
        Tensor candidate = Tanh(candidateNorm is null ? sum : candidateNorm.Call(sum));
        return (1 - update) * Dropout(candidate, keep, mask) + update * h;
    }
}

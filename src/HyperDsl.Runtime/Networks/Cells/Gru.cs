using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014), in the form whose reset gate acts on the product with the state, with layer normalisation
/// and recurrent dropout (Semeniuta et al. 2016) on request:
/// <code>
/// r = σ(LN(W_h^r h + W_x^r x + b^r))        u = σ(LN(W_h^u h + W_x^u x + b^u))
/// n = φ(LN(W_x^n x + b^n + r ⊙ (W_h^n h + b_h)))
/// h = (1 − u) ⊙ dropout(n) + u ⊙ h
/// </code>
/// </summary>
[Network]
public sealed partial class Gru : Cell
{
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight bias;
    private readonly Weight stateBias;
    private readonly GruGates gates;
    private readonly int inputs;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="layerNorm">Whether each gate and the candidate n are normalised.</param>
    /// <param name="epsilon">Inside the root of a layer norm.</param>
    /// <param name="keep">Probability that an element of n is kept in training.</param>
    /// <param name="mask">Whether what is kept is drawn anew at every step or once a sequence.</param>
    /// <param name="init">How W_h begins, one block a gate; each block orthogonal when not given.</param>
    /// <param name="inputInit">How W_x begins; as W_h when not given.</param>
    /// <param name="biasInit">How biases begin; at 0 when not given.</param>
    /// <param name="learnedState">Whether a sequence begins with an h that is trained, 0 at first; with zeros when not.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epsilon is not positive.</exception>
    public Gru(
        int inputs,
        int units,
        bool layerNorm = false,
        double epsilon = 1e-3,
        double keep = 1,
        MaskScope mask = MaskScope.Step,
        Initialiser? init = null,
        Initialiser? inputInit = null,
        Initialiser? biasInit = null,
        bool learnedState = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        Initialiser weights = init ?? Initialiser.Orthogonal(blocks: 3);
        fromState = new Weight(3 * units, units) { Init = weights };
        fromInput = new Weight(3 * units, inputs) { Init = inputInit ?? weights };
        bias = new Weight(3 * units) { Init = biasInit ?? Initialiser.Zeros };
        stateBias = new Weight(units) { Init = biasInit ?? Initialiser.Zeros };
        gates = new GruGates(units, layerNorm, epsilon, keep, mask);
        this.inputs = inputs;
        h = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("Gru", x, inputs);
        h = gates.Next(h, Dot(fromState, h), Dot(fromInput, x) + bias, stateBias);
        return h;
    }
}

using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997), with layer normalisation (Ba et al. 2016) and recurrent dropout
/// (Semeniuta et al. 2016) on request, as it serves as hyper cell and as rival in Ha et al. 2016:
/// <code>
/// y = LN(W_h^y h + W_x^y x + b^y)        for each gate y of i, g, f, o
/// c = σ(f + forget bias) ⊙ c + σ(i) ⊙ dropout(φ(g))
/// h = σ(o) ⊙ φ(LN(c))
/// </code>
/// The normalised c is used for h only: what is carried on is c itself.
/// </summary>
[Network]
public sealed partial class Lstm : Cell
{
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight? bias;
    private readonly GateNorm? gateNorm;
    private readonly LayerNorm? cellNorm;
    private readonly int inputs;
    private readonly int units;
    private readonly double forgetBias;
    private readonly double keep;
    private readonly MaskScope mask;

    [State]
    private Tensor h;

    [State]
    private Tensor c;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h and c.</param>
    /// <param name="layerNorm">Whether gates and c are normalised.</param>
    /// <param name="epsilon">Inside the root of a layer norm; 1e-3 as in the code of Ha et al. 2016.</param>
    /// <param name="forgetBias">Added to the forget gate, after the norm.</param>
    /// <param name="keep">Probability that an element of φ(g) is kept in training.</param>
    /// <param name="mask">Whether what is kept is drawn anew at every step or once a sequence.</param>
    /// <param name="init">How W_h begins, one block a gate; each block orthogonal when not given.</param>
    /// <param name="inputInit">How W_x begins; as W_h when not given.</param>
    /// <param name="biasInit">How b begins; at 0 when not given.</param>
    /// <param name="bias">
    /// Whether there is a b; a layer norm shifts anyway, and the counts of Ha et al. 2016 are of layer-norm LSTMs without.
    /// </param>
    /// <param name="learnedState">Whether a sequence begins with h and c that are trained, 0 at first; with zeros when not.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epsilon is not positive.</exception>
    public Lstm(
        int inputs,
        int units,
        bool layerNorm = false,
        double epsilon = 1e-3,
        double forgetBias = 1,
        double keep = 1,
        MaskScope mask = MaskScope.Step,
        Initialiser? init = null,
        Initialiser? inputInit = null,
        Initialiser? biasInit = null,
        bool bias = true,
        bool learnedState = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        Initialiser weights = init ?? Initialiser.Orthogonal(blocks: 4);
        fromState = new Weight(4 * units, units) { Init = weights };
        fromInput = new Weight(4 * units, inputs) { Init = inputInit ?? weights };
        this.bias = bias ? new Weight(4 * units) { Init = biasInit ?? Initialiser.Zeros } : null;
        gateNorm = layerNorm ? new GateNorm(4, units, epsilon) : null;
        cellNorm = layerNorm ? new LayerNorm(units, epsilon) : null;
        this.inputs = inputs;
        this.units = units;
        this.forgetBias = forgetBias;
        this.keep = keep;
        this.mask = mask;
        h = learnedState ? new Weight(units) : Zeros(units);
        c = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("Lstm", x, inputs);
        Tensor gates = Dot(fromState, h) + Dot(fromInput, x);
        gates = bias is null ? gates : gates + bias;
        gates = gateNorm is null ? gates : gateNorm.Call(gates);
        Tensor i = gates[..units];
        Tensor g = gates[units..(2 * units)];
        Tensor f = gates[(2 * units)..(3 * units)];
        Tensor o = gates[(3 * units)..];
        c = Sigmoid(f + forgetBias) * c + Sigmoid(i) * Dropout(Tanh(g), keep, mask);
        h = Sigmoid(o) * Tanh(cellNorm is null ? c : cellNorm.Call(c));
        return h;
    }
}

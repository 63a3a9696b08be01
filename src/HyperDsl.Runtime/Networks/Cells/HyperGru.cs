using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// A GRU whose weights a smaller cell rescales at every step and for every example, by the scheme of <see cref="HyperLstm"/> (Ha, Dai
/// and Le 2016, equation 8):
/// <code>
/// ĥ = hyper cell((h; x))
/// z_h, z_x = W ĥ + b        z_b = W ĥ        d_h = D_h z_h        d_x = D_x z_x        for each gate of r, u, n
/// r = σ(d_h ⊙ (W_h h) + d_x ⊙ (W_x x) + D_b z_b + b)             u likewise
/// n = φ(d_x ⊙ (W_x x) + D_b z_b + b + r ⊙ (d_h ⊙ (W_h h) + b_h))
/// h = (1 − u) ⊙ n + u ⊙ h
/// </code>
/// The scalings can be watched as <c>scaling</c>, [6 · units]: those of W_h for r, u, n, then those of W_x.
/// </summary>
/// <remarks>Weights begin as in <see cref="HyperLstm"/>: at the first step all scalings are 0.1.</remarks>
[Network]
public sealed partial class HyperGru : Cell
{
    private const int Gates = 3;

    private readonly Cell hyper;
    private readonly Linear scaleEmbedding;
    private readonly Linear biasEmbedding;
    private readonly Weight scale;
    private readonly Weight biasScale;
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight bias;
    private readonly Weight stateBias;
    private readonly int inputs;
    private readonly int units;
    private readonly int embedding;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of each of the nine z.</param>
    /// <param name="hyperCell">Another hyper cell, from [units + inputs] to [hyperUnits]; a GRU when not given.</param>
    public HyperGru(int inputs, int units, int hyperUnits = 128, int embedding = 4, Cell? hyperCell = null)
    {
        hyper = hyperCell ?? new Gru(units + inputs, hyperUnits, Initialiser.Orthogonal());
        scaleEmbedding = new Linear(hyperUnits, 2 * Gates * embedding, init: Initialiser.Zeros, biasInit: Initialiser.Ones);
        biasEmbedding = new Linear(hyperUnits, Gates * embedding, bias: false, init: Initialiser.Normal(0, 0.01));
        scale = new Weight(2 * Gates, units, embedding) { Init = Initialiser.Constant(0.1 / embedding) };
        biasScale = new Weight(Gates, units, embedding);
        fromState = new Weight(Gates * units, units) { Init = Initialiser.Orthogonal() };
        fromInput = new Weight(Gates * units, inputs) { Init = Initialiser.Orthogonal() };
        bias = new Weight(Gates * units);
        stateBias = new Weight(units);
        this.inputs = inputs;
        this.units = units;
        this.embedding = embedding;
        h = Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("HyperGru", x, inputs);
        Tensor a = hyper.Step(Concat(0, h, x));
        Tensor z = Reshape(scaleEmbedding.Call(a), 2 * Gates, embedding);
        Tensor zBias = Reshape(biasEmbedding.Call(a), Gates, embedding);
        Tensor d = Watch("scaling", Flatten(Einsum("gnz,gz->gn", scale, z)));
        Tensor offset = Flatten(Einsum("gnz,gz->gn", biasScale, zBias)) + bias;
        int all = Gates * units;
        Tensor state = d[..all] * Dot(fromState, h);
        Tensor input = d[all..] * Dot(fromInput, x) + offset;
        Tensor reset = Sigmoid(state[..units] + input[..units]);
        Tensor update = Sigmoid(state[units..(2 * units)] + input[units..(2 * units)]);
        Tensor candidate = Tanh(input[(2 * units)..] + reset * (state[(2 * units)..] + stateBias));
        h = (1 - update) * candidate + update * h;
        return h;
    }
}

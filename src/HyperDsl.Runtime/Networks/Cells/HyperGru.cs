using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// A GRU whose weights a smaller cell rescales at every step and for every example, by the scheme of <see cref="HyperLstm"/> (Ha, Dai
/// and Le 2016, equation 8):
/// <code>
/// ĥ = hyper cell((h; x))
/// z_h, z_x = W ĥ + b        z_b = W ĥ        d_h = D_h z_h        d_x = D_x z_x        for each gate of r, u, n
/// r = σ(LN(d_h ⊙ (W_h h) + d_x ⊙ (W_x x) + D_b z_b + b))             u likewise
/// n = φ(LN(d_x ⊙ (W_x x) + D_b z_b + b + r ⊙ (d_h ⊙ (W_h h) + b_h)))
/// h = (1 − u) ⊙ dropout(n) + u ⊙ h
/// </code>
/// The scalings can be watched as <c>scaling</c>, [6 · units]: those of W_h for r, u, n, then those of W_x.
/// </summary>
/// <remarks>Weights begin as in <see cref="HyperLstm"/>: at the first step all scalings are 0.1.</remarks>
[Network]
public sealed partial class HyperGru : Cell
{
    private const int Gates = 3;

    [Hyper]
    private readonly Cell hyper;

    [Hyper]
    private readonly Delay? delay;

    [Hyper]
    private readonly Linear scaleEmbedding;

    [Hyper]
    private readonly Linear biasEmbedding;

    [Hyper]
    private readonly Weight scale;

    [Hyper]
    private readonly Weight biasScale;
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight bias;
    private readonly Weight stateBias;
    private readonly GruGates gates;
    private readonly int inputs;
    private readonly int units;
    private readonly int hyperUnits;
    private readonly int embedding;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of each of the nine z.</param>
    /// <param name="layerNorm">Whether each gate and the candidate n are normalised.</param>
    /// <param name="epsilon">Inside the root of a layer norm.</param>
    /// <param name="keep">Probability that an element of n is kept in training.</param>
    /// <param name="hyperKeep">The same in the hyper cell.</param>
    /// <param name="mask">Whether what is kept is drawn anew at every step or once a sequence, in both cells.</param>
    /// <param name="fromPrevious">Whether embeddings come from the ĥ of the step before.</param>
    /// <param name="hyperLayerNorm">Whether the hyper cell normalises; as the main cell when not given.</param>
    /// <param name="init">How weights begin; <see cref="HyperInit.FirstRelease"/> when not given.</param>
    /// <param name="hyperCell">
    /// Another hyper cell, from [units + inputs] to [hyperUnits], in place of a GRU. It has its own switches, so none whose name begins
    /// with "hyper" can be given beside it, and its own initialisation, so what <paramref name="init"/> says of the hyper cell and
    /// <paramref name="mask"/> do not reach it.
    /// </param>
    /// <param name="hyperEpsilon">Inside the root of the hyper cell's layer norm; the main cell's when not given.</param>
    /// <param name="learnedState">
    /// Whether a sequence begins with an h that is trained, 0 at first; with zeros when not. The same holds for the hyper
    /// cell, unless it is given, and for the ĥ that <paramref name="fromPrevious"/> takes at the first step.
    /// </param>
    /// <exception cref="ArgumentException">Both a hyper cell and one of its switches are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An epsilon is not positive.</exception>
    public HyperGru(
        int inputs,
        int units,
        int hyperUnits = 128,
        int embedding = 4,
        bool layerNorm = false,
        double epsilon = 1e-3,
        double keep = 1,
        double hyperKeep = 1,
        MaskScope mask = MaskScope.Step,
        bool fromPrevious = false,
        bool? hyperLayerNorm = null,
        HyperInit? init = null,
        Cell? hyperCell = null,
        double? hyperEpsilon = null,
        bool learnedState = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hyperEpsilon ?? epsilon, nameof(hyperEpsilon));
        HyperCell.CheckSwitches("HyperGru", hyperCell, hyperKeep, hyperLayerNorm, hyperEpsilon);
        init ??= HyperInit.FirstRelease;
        hyper = hyperCell ?? new Gru(
            units + inputs, hyperUnits, hyperLayerNorm ?? layerNorm, hyperEpsilon ?? epsilon, hyperKeep, mask,
            init.HyperFromState, init.HyperFromInput, init.HyperBias, learnedState: learnedState);
        delay = fromPrevious ? new Delay(hyperUnits, learnedState) : null;
        scaleEmbedding = new Linear(hyperUnits, 2 * Gates * embedding, init: init.Embedding, biasInit: init.EmbeddingBias);
        biasEmbedding = new Linear(hyperUnits, Gates * embedding, bias: false, init: init.BiasEmbedding);
        scale = new Weight(2 * Gates, units, embedding) { Init = init.ScaleFor(embedding) };
        biasScale = new Weight(Gates, units, embedding) { Init = init.BiasScale };
        fromState = new Weight(Gates * units, units) { Init = init.FromState };
        fromInput = new Weight(Gates * units, inputs) { Init = init.FromInput };
        bias = new Weight(Gates * units) { Init = init.Bias };
        stateBias = new Weight(units) { Init = init.Bias };
        gates = new GruGates(units, layerNorm, epsilon, keep, mask);
        this.inputs = inputs;
        this.units = units;
        this.hyperUnits = hyperUnits;
        this.embedding = embedding;
        h = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input or the output of the hyper cell has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("HyperGru", x, inputs);
        Tensor a = hyper.Step(Concat(0, h, x));
        HyperCell.CheckOutput("HyperGru", a, hyperUnits);
        a = delay is null ? a : delay.Step(a);
        Tensor z = Reshape(scaleEmbedding.Call(a), 2 * Gates, embedding);
        Tensor zBias = Reshape(biasEmbedding.Call(a), Gates, embedding);
        Tensor d = Watch("scaling", Flatten(Einsum("gnz,gz->gn", scale, z)));
        Tensor offset = Flatten(Einsum("gnz,gz->gn", biasScale, zBias)) + bias;
        int all = Gates * units;
        h = gates.Next(h, d[..all] * Dot(fromState, h), d[all..] * Dot(fromInput, x) + offset, stateBias);
        return h;
    }
}

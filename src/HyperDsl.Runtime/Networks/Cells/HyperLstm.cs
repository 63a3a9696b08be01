using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// An LSTM whose weights a smaller cell rescales at every step and for every example (Ha, Dai and Le 2016, appendix A.2.2):
/// <code>
/// ĥ = hyper cell((h; x))
/// z_h, z_x = W ĥ + b        z_b = W ĥ                            for each gate y of i, g, f, o
/// y = LN( (D_h z_h) ⊙ (W_h h) + (D_x z_x) ⊙ (W_x x) + D_b z_b + b )
/// c = σ(f + forget bias) ⊙ c + σ(i) ⊙ dropout(φ(g))
/// h = σ(o) ⊙ φ(LN(c))
/// </code>
/// No weight matrix is ever made: its rows are scaled where the product is. The scalings can be watched as <c>scaling</c>, [8 · units]: those
/// of W_h for the gates i, g, f, o, then those of W_x.
/// </summary>
/// <remarks>
/// Weights begin as in the authors' first release: at the first step all scalings are 0.1. The embeddings come from the ĥ of the same
/// step, as in all released code; the paper prints that of the step before (<c>fromPrevious</c>).
/// </remarks>
[Network]
public sealed partial class HyperLstm : Cell
{
    private const int Gates = 4;

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
    private readonly GateNorm? gateNorm;
    private readonly LayerNorm? cellNorm;
    private readonly int inputs;
    private readonly int units;
    private readonly int hyperUnits;
    private readonly int embedding;
    private readonly double forgetBias;
    private readonly double keep;
    private readonly MaskScope mask;

    [State]
    private Tensor h;

    [State]
    private Tensor c;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h and c.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of each of the twelve z.</param>
    /// <param name="layerNorm">Whether gates and c are normalised.</param>
    /// <param name="epsilon">Inside the root of a layer norm; it matters, since activations begin ten times smaller than an LSTM's.</param>
    /// <param name="forgetBias">Added to the forget gate after the norm.</param>
    /// <param name="keep">Probability that an element of φ(g) is kept in training.</param>
    /// <param name="hyperKeep">The same in the hyper cell.</param>
    /// <param name="mask">Whether what is kept is drawn anew at every step or once a sequence, in both cells.</param>
    /// <param name="fromPrevious">Whether embeddings come from the ĥ of the step before.</param>
    /// <param name="hyperLayerNorm">Whether the hyper cell normalises; as the main cell when not given, as in the authors' code.</param>
    /// <param name="hyperForgetBias">
    /// The forget bias of the hyper cell; the main cell's when not given. In the authors' code it is always 1.
    /// </param>
    /// <param name="init">How weights begin; <see cref="HyperInit.FirstRelease"/> when not given.</param>
    /// <param name="hyperCell">
    /// Another hyper cell, from [units + inputs] to [hyperUnits], in place of an LSTM. It has its own switches, so none whose name begins
    /// with "hyper" can be given beside it, and its own initialisation, so what <paramref name="init"/> says of the hyper cell and
    /// <paramref name="mask"/> do not reach it.
    /// </param>
    /// <param name="hyperEpsilon">Inside the root of the hyper cell's layer norm; the main cell's when not given.</param>
    /// <param name="learnedState">
    /// Whether a sequence begins with h and c that are trained, 0 at first; with zeros when not. The same holds for the hyper
    /// cell, unless it is given, and for the ĥ that <paramref name="fromPrevious"/> takes at the first step.
    /// </param>
    /// <exception cref="ArgumentException">Both a hyper cell and one of its switches are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An epsilon is not positive.</exception>
    public HyperLstm(
        int inputs,
        int units,
        int hyperUnits = 128,
        int embedding = 4,
        bool layerNorm = false,
        double epsilon = 1e-3,
        double forgetBias = 1,
        double keep = 1,
        double hyperKeep = 1,
        MaskScope mask = MaskScope.Step,
        bool fromPrevious = false,
        bool? hyperLayerNorm = null,
        double? hyperForgetBias = null,
        HyperInit? init = null,
        Cell? hyperCell = null,
        double? hyperEpsilon = null,
        bool learnedState = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hyperEpsilon ?? epsilon, nameof(hyperEpsilon));
        HyperCell.CheckSwitches("HyperLstm", hyperCell, hyperKeep, hyperLayerNorm, hyperEpsilon, hyperForgetBias);
        init ??= HyperInit.FirstRelease;
        hyper = hyperCell ?? new Lstm(
            units + inputs, hyperUnits, hyperLayerNorm ?? layerNorm, hyperEpsilon ?? epsilon, hyperForgetBias ?? forgetBias, hyperKeep, mask,
            init.HyperFromState, init.HyperFromInput, init.HyperBias, learnedState: learnedState);
        delay = fromPrevious ? new Delay(hyperUnits, learnedState) : null;
        scaleEmbedding = new Linear(hyperUnits, 2 * Gates * embedding, init: init.Embedding, biasInit: init.EmbeddingBias);
        biasEmbedding = new Linear(hyperUnits, Gates * embedding, bias: false, init: init.BiasEmbedding);
        scale = new Weight(2 * Gates, units, embedding) { Init = init.ScaleFor(embedding) };
        biasScale = new Weight(Gates, units, embedding) { Init = init.BiasScale };
        fromState = new Weight(Gates * units, units) { Init = init.FromState };
        fromInput = new Weight(Gates * units, inputs) { Init = init.FromInput };
        bias = new Weight(Gates * units) { Init = init.Bias };
        gateNorm = layerNorm ? new GateNorm(Gates, units, epsilon) : null;
        cellNorm = layerNorm ? new LayerNorm(units, epsilon) : null;
        this.inputs = inputs;
        this.units = units;
        this.hyperUnits = hyperUnits;
        this.embedding = embedding;
        this.forgetBias = forgetBias;
        this.keep = keep;
        this.mask = mask;
        h = learnedState ? new Weight(units) : Zeros(units);
        c = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input or the output of the hyper cell has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("HyperLstm", x, inputs);
        Tensor a = hyper.Step(Concat(0, h, x));
        HyperCell.CheckOutput("HyperLstm", a, hyperUnits);
        a = delay is null ? a : delay.Step(a);
        Tensor z = Reshape(scaleEmbedding.Call(a), 2 * Gates, embedding);
        Tensor zBias = Reshape(biasEmbedding.Call(a), Gates, embedding);
        Tensor d = Watch("scaling", Flatten(Einsum("gnz,gz->gn", scale, z)));
        Tensor offset = Flatten(Einsum("gnz,gz->gn", biasScale, zBias)) + bias;
        int all = Gates * units;
        Tensor gates = d[..all] * Dot(fromState, h) + d[all..] * Dot(fromInput, x) + offset;
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

using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// A recurrent network whose weights a smaller one makes at every step and for every example (Ha, Dai and Le 2016, equations 4
/// to 8). Full rank, each weight matrix is a sum of <c>embedding</c> matrices:
/// <code>
/// ĥ = φ(Ŵ_h ĥ + Ŵ_x (h; x) + b̂)        z_h, z_x = linear in ĥ        z_b = W ĥ
/// h = φ(⟨W_hz, z_h⟩ h + ⟨W_xz, z_x⟩ x + W_bz z_b + b)
/// </code>
/// scaled, the rows of one matrix are scaled, and no matrix is ever made:
/// <code>
/// h = φ((W_hz z_h) ⊙ (W_h h) + (W_xz z_x) ⊙ (W_x x) + W_bz z_b + b)
/// </code>
/// Then the scalings of W_h can be watched as <c>scaling</c>, [units].
/// </summary>
/// <remarks>
/// The embeddings come from the ĥ of the same step, as in all released code; the paper prints that of the step before
/// (<c>fromPrevious</c>).
/// </remarks>
[Network]
public sealed partial class HyperRnn : Cell
{
    [Hyper]
    private readonly Cell hyper;

    [Hyper]
    private readonly Delay? delay;

    [Hyper]
    private readonly Linear stateEmbedding;

    [Hyper]
    private readonly Linear inputEmbedding;

    [Hyper]
    private readonly Linear biasEmbedding;

    [Hyper]
    private readonly Weight stateScale;

    [Hyper]
    private readonly Weight inputScale;

    [Hyper]
    private readonly Weight biasScale;
    private readonly Weight? fromState;
    private readonly Weight? fromInput;
    private readonly Weight bias;
    private readonly int inputs;
    private readonly int hyperUnits;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="hyperUnits">Width of ĥ.</param>
    /// <param name="embedding">Width of each z.</param>
    /// <param name="fullRank">Equation 5 instead of equation 8: <paramref name="embedding"/> times the weights.</param>
    /// <param name="fromPrevious">Whether embeddings come from the ĥ of the step before.</param>
    /// <param name="init">
    /// How weights begin; <see cref="HyperInit.FirstRelease"/> when not given. At full rank <see cref="HyperInit.Summands"/> stands for
    /// W_h, W_x and their scalings.
    /// </param>
    /// <param name="hyperCell">
    /// Another hyper cell, from [units + inputs] to [hyperUnits], in place of an <see cref="Rnn"/>. It has its own initialisation: what
    /// <paramref name="init"/> says of the hyper cell does not reach it.
    /// </param>
    /// <param name="learnedState">
    /// Whether a sequence begins with an h that is trained, 0 at first; with zeros when not. The same holds for the hyper
    /// cell, unless it is given, and for the ĥ that <paramref name="fromPrevious"/> takes at the first step.
    /// </param>
    public HyperRnn(
        int inputs,
        int units,
        int hyperUnits = 128,
        int embedding = 4,
        bool fullRank = false,
        bool fromPrevious = false,
        HyperInit? init = null,
        Cell? hyperCell = null,
        bool learnedState = false)
    {
        init ??= HyperInit.FirstRelease;
        hyper = hyperCell ?? new Rnn(
            units + inputs, hyperUnits, init.HyperFromState, init.HyperFromInput, init.HyperBias, learnedState);
        delay = fromPrevious ? new Delay(hyperUnits, learnedState) : null;
        stateEmbedding = new Linear(hyperUnits, embedding, init: init.Embedding, biasInit: init.EmbeddingBias);
        inputEmbedding = new Linear(hyperUnits, embedding, init: init.Embedding, biasInit: init.EmbeddingBias);
        biasEmbedding = new Linear(hyperUnits, embedding, bias: false, init: init.BiasEmbedding);
        stateScale = fullRank
            ? new Weight(units, units, embedding) { Init = init.Summands }
            : new Weight(units, embedding) { Init = init.ScaleFor(embedding) };
        inputScale = fullRank
            ? new Weight(units, inputs, embedding) { Init = init.Summands }
            : new Weight(units, embedding) { Init = init.ScaleFor(embedding) };
        biasScale = new Weight(units, embedding) { Init = init.BiasScale };
        fromState = fullRank ? null : new Weight(units, units) { Init = init.FromState };
        fromInput = fullRank ? null : new Weight(units, inputs) { Init = init.FromInput };
        bias = new Weight(units) { Init = init.Bias };
        this.inputs = inputs;
        this.hyperUnits = hyperUnits;
        h = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input or the output of the hyper cell has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("HyperRnn", x, inputs);
        Tensor a = hyper.Step(Concat(0, h, x));
        HyperCell.CheckOutput("HyperRnn", a, hyperUnits);
        a = delay is null ? a : delay.Step(a);
        Tensor state = Dot(stateScale, stateEmbedding.Call(a));
        Tensor input = Dot(inputScale, inputEmbedding.Call(a));
        Tensor sum = fromState is null
            ? Dot(state, h) + Dot(input, x)
            : Watch("scaling", state) * Dot(fromState, h) + input * Dot(fromInput!, x);
        h = Tanh(sum + Dot(biasScale, biasEmbedding.Call(a)) + bias);
        return h;
    }
}

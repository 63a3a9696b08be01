using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>The plain recurrent network (Elman 1990): <c>h = φ(W_h h + W_x x + b)</c>.</summary>
[Network]
public sealed partial class Rnn : Cell
{
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight bias;
    private readonly int inputs;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="init">How W_h begins; orthogonal when not given.</param>
    /// <param name="inputInit">How W_x begins; as W_h when not given.</param>
    /// <param name="biasInit">How b begins; at 0 when not given.</param>
    /// <param name="learnedState">Whether a sequence begins with an h that is trained, 0 at first; with zeros when not.</param>
    public Rnn(
        int inputs,
        int units,
        Initialiser? init = null,
        Initialiser? inputInit = null,
        Initialiser? biasInit = null,
        bool learnedState = false)
    {
        Initialiser weights = init ?? Initialiser.Orthogonal();
        fromState = new Weight(units, units) { Init = weights };
        fromInput = new Weight(units, inputs) { Init = inputInit ?? weights };
        bias = new Weight(units) { Init = biasInit ?? Initialiser.Zeros };
        this.inputs = inputs;
        h = learnedState ? new Weight(units) : Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("Rnn", x, inputs);
        h = Tanh(Dot(fromState, h) + Dot(fromInput, x) + bias);
        return h;
    }
}

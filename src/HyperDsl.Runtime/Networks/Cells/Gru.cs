using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014), in the form whose reset gate acts on the product with the state:
/// <code>
/// r = σ(W_h^r h + W_x^r x + b^r)        u = σ(W_h^u h + W_x^u x + b^u)
/// n = φ(W_x^n x + b^n + r ⊙ (W_h^n h + b_h))
/// h = (1 − u) ⊙ n + u ⊙ h
/// </code>
/// </summary>
[Network]
public sealed partial class Gru : Cell
{
    private readonly Weight fromState;
    private readonly Weight fromInput;
    private readonly Weight bias;
    private readonly Weight stateBias;
    private readonly int inputs;
    private readonly int units;

    [State]
    private Tensor h;

    /// <param name="inputs">Width of x.</param>
    /// <param name="units">Width of h.</param>
    /// <param name="init">How W_h and W_x begin, one block a gate; orthogonal when not given. Biases begin at 0.</param>
    public Gru(int inputs, int units, Initialiser? init = null)
    {
        fromState = new Weight(3 * units, units) { Init = init ?? Initialiser.Orthogonal(blocks: 3) };
        fromInput = new Weight(3 * units, inputs) { Init = init ?? Initialiser.Orthogonal(blocks: 3) };
        bias = new Weight(3 * units);
        stateBias = new Weight(units);
        this.inputs = inputs;
        this.units = units;
        h = Zeros(units);
    }

    /// <param name="x">[inputs].</param>
    /// <returns>h, [units].</returns>
    /// <exception cref="TensorShapeException">The input has another shape.</exception>
    public override Tensor Step(Tensor x)
    {
        CellInput.Check("Gru", x, inputs);
        Tensor state = Dot(fromState, h);
        Tensor input = Dot(fromInput, x) + bias;
        Tensor reset = Sigmoid(state[..units] + input[..units]);
        Tensor update = Sigmoid(state[units..(2 * units)] + input[units..(2 * units)]);
        Tensor candidate = Tanh(input[(2 * units)..] + reset * (state[(2 * units)..] + stateBias));
        h = (1 - update) * candidate + update * h;
        return h;
    }
}

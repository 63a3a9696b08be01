using static HyperDsl.TensorMath;

namespace HyperDsl.Models;

/// <summary>Networks of one's own: an abstract layer and its heirs, tuples, local functions, lists, a switch over constants.</summary>
[HyperModel(Float64 = true)]
public sealed partial class ComposedNetwork : Model
{
    public const int Features = 7;
    public const int Outputs = 2;

    private readonly List<Layer> layers =
        [new GatedLayer(Features, 8), .. Enumerable.Range(1, 2).Select(depth => new PlainLayer(8, 8, depth)), new GatedLayer(8, 6)];

    private readonly (Linear Mean, Linear Spread) heads = (new(6, Outputs), new(6, Outputs));

    private readonly Linear meanHead;
    private readonly Linear spreadHead;

    public ComposedNetwork() => (meanHead, spreadHead) = heads;

    [Predict]
    public Tensor Mean([Shape(Features)] Tensor x) => Heads(x).Mean;

    /// <summary>Minus the log-likelihood under normal distributions, without its constant.</summary>
    [Loss]
    public Tensor Loss([Shape(Features)] Tensor x, [Shape(Outputs)] Tensor target)
    {
        (Tensor mean, Tensor spread) = Heads(x);
        return Sum((Square((target - mean) / spread) / 2) + Log(spread));
    }

    private (Tensor Mean, Tensor Spread) Heads(Tensor x)
    {
        List<Tensor> seen = [];
        foreach (Layer layer in layers)
        {
            x = Remember(layer.Call(x));
        }

        Tensor last = seen[^1] + (0.1 * Sum(Stack(0, seen[1], seen[2])));
        return (meanHead.Call(last), 0.5 + Softplus(spreadHead.Call(last)));

        Tensor Remember(Tensor value)
        {
            seen.Add(value);
            return value;
        }
    }
}

/// <summary>A dense layer whose nonlinearity its heirs choose.</summary>
[Network]
public abstract partial class Layer(int inputs, int outputs)
{
    private readonly Linear linear = new(inputs, outputs);

    protected int Inputs => inputs;

    public virtual Tensor Call(Tensor x) => Activate(linear.Call(x), x);

    protected abstract Tensor Activate(Tensor y, Tensor x);
}

/// <summary>Every depth has its own nonlinearity.</summary>
[Network]
public sealed partial class PlainLayer(int inputs, int outputs, int depth) : Layer(inputs, outputs)
{
    protected override Tensor Activate(Tensor y, Tensor x) => depth switch
    {
        1 => Tanh(y) + x,
        2 => Sin(y),
        _ => throw new ArgumentOutOfRangeException(nameof(depth)),
    };
}

/// <summary>A second network, read from the same input, scales what comes out.</summary>
[Network]
public sealed partial class GatedLayer(int inputs, int outputs) : Layer(inputs, outputs)
{
    [Hyper]
    private readonly Linear gate = new(inputs, outputs);

    public override Tensor Call(Tensor x) => base.Call(x[..Inputs]) * 1.5;

    protected override Tensor Activate(Tensor y, Tensor x) => Sigmoid(gate.Call(x)) * y;
}

using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>A GRU whose three gates are scaled as those of <see cref="TorchHyperLstm"/>, with a GRU as hyper cell.</summary>
/// <inheritdoc/>
public sealed class TorchHyperGru(IReadOnlyDictionary<string, torch.Tensor> weights, string path) : TorchCell(weights, path)
{
    private const int Gates = 3;

    private readonly TorchGru hyper = new(weights, path + ".hyper");
    private torch.Tensor h = null!;

    /// <inheritdoc/>
    public override void Begin(int examples)
    {
        hyper.Begin(examples);
        h = Zeros(examples, Weight("stateBias").shape[0]);
    }

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        torch.Tensor a = hyper.Step(torch.cat([h, x], 1));
        torch.Tensor reset = (State(0, a) + Input(0, a, x)).sigmoid();
        torch.Tensor update = (State(1, a) + Input(1, a, x)).sigmoid();
        torch.Tensor candidate = (Input(2, a, x) + reset * (State(2, a) + Weight("stateBias"))).tanh();
        h = (1 - update) * candidate + update * h;
        return h;
    }

    private torch.Tensor State(int gate, torch.Tensor a) => Scale(gate, a) * Times(h, Part("fromState", gate, Gates));

    private torch.Tensor Input(int gate, torch.Tensor a, torch.Tensor x) =>
        Scale(Gates + gate, a) * Times(x, Part("fromInput", gate, Gates))
        + Times(Times(a, Part("biasEmbedding.weight", gate, Gates)), Weight("biasScale")[gate])
        + Part("bias", gate, Gates);

    private torch.Tensor Scale(int which, torch.Tensor a) => Times(
        Times(a, Part("scaleEmbedding.weight", which, 2 * Gates)) + Part("scaleEmbedding.bias", which, 2 * Gates), Weight("scale")[which]);
}

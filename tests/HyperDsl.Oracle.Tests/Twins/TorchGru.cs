using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>The GRU whose reset gate acts on the product with the state; gates r, u, n.</summary>
/// <inheritdoc/>
public sealed class TorchGru(IReadOnlyDictionary<string, torch.Tensor> weights, string path) : TorchCell(weights, path)
{
    private torch.Tensor h = null!;

    /// <inheritdoc/>
    public override void Begin(int examples) => h = Zeros(examples, Weight("stateBias").shape[0]);

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        torch.Tensor reset = (State(0) + Input(0, x)).sigmoid();
        torch.Tensor update = (State(1) + Input(1, x)).sigmoid();
        torch.Tensor candidate = (Input(2, x) + reset * (State(2) + Weight("stateBias"))).tanh();
        h = (1 - update) * candidate + update * h;
        return h;
    }

    private torch.Tensor State(int gate) => Times(h, Part("fromState", gate, 3));

    private torch.Tensor Input(int gate, torch.Tensor x) => Times(x, Part("fromInput", gate, 3)) + Part("bias", gate, 3);
}

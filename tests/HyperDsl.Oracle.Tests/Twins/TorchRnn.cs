using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>Elman's recurrent network: h = φ(W_h h + W_x x + b).</summary>
/// <inheritdoc/>
public sealed class TorchRnn(IReadOnlyDictionary<string, torch.Tensor> weights, string path) : TorchCell(weights, path)
{
    private torch.Tensor h = null!;

    /// <inheritdoc/>
    public override void Begin(int examples) => h = Zeros(examples, Weight("bias").shape[0]);

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        h = (Times(h, Weight("fromState")) + Times(x, Weight("fromInput")) + Weight("bias")).tanh();
        return h;
    }
}

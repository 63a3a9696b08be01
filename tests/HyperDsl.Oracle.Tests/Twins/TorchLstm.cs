using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>
/// An LSTM with or without layer norm, as it is the hyper cell of Ha, Dai and Le 2016, appendix A.2.2; gates i, g, f, o. The normalised
/// c is used for h only.
/// </summary>
/// <param name="weights">All weights of the model.</param>
/// <param name="path">Where the cell stands in the model.</param>
/// <param name="epsilon">Of the layer norms.</param>
/// <param name="forgetBias">Added to the forget gate behind the norm.</param>
public class TorchLstm(IReadOnlyDictionary<string, torch.Tensor> weights, string path, double epsilon = 1e-3, double forgetBias = 1)
    : TorchCell(weights, path)
{
    private const int Gates = 4;

    /// <summary>The state that is carried along, [batch, units].</summary>
    protected torch.Tensor H { get; private set; } = null!;

    private torch.Tensor C { get; set; } = null!;

    private long Units => Weight("bias").shape[0] / Gates;

    /// <inheritdoc/>
    public override void Begin(int examples) => (H, C) = (Zeros(examples, Units), Zeros(examples, Units));

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        torch.Tensor[] y = [.. Enumerable.Range(0, Gates).Select(gate => Norm(gate, Sum(gate, x)))];
        C = (y[2] + forgetBias).sigmoid() * C + y[0].sigmoid() * y[1].tanh();
        torch.Tensor m = Has("cellNorm.gain") ? LayerNorm(C, Weight("cellNorm.gain"), Weight("cellNorm.shift"), epsilon) : C;
        H = y[3].sigmoid() * m.tanh();
        return H;
    }

    /// <summary>A gate before norm and nonlinearity, [batch, units].</summary>
    /// <param name="gate">Which of i, g, f, o.</param>
    /// <param name="x">[batch, inputs].</param>
    protected virtual torch.Tensor Sum(int gate, torch.Tensor x) =>
        Times(H, Part("fromState", gate, Gates)) + Times(x, Part("fromInput", gate, Gates)) + Part("bias", gate, Gates);

    private torch.Tensor Norm(int gate, torch.Tensor y) => Has("gateNorm.gain")
        ? LayerNorm(y, Part("gateNorm.gain", gate, Gates), Part("gateNorm.shift", gate, Gates), epsilon)
        : y;
}

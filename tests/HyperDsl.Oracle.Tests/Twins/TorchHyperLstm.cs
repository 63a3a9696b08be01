using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>
/// The HyperLSTM of Ha, Dai and Le 2016, appendix A.2.2: for each gate y of i, g, f, o
/// y = LN(d_h ⊙ (W_h h) + d_x ⊙ (W_x x) + W_bz z_b + b) with d_h = W_hz z_h, d_x = W_xz z_x and the z linear in ĥ of the same step, or of
/// the step before.
/// </summary>
/// <param name="weights">All weights of the model.</param>
/// <param name="path">Where the cell stands in the model.</param>
/// <param name="epsilon">Of the layer norms.</param>
/// <param name="forgetBias">Added to the forget gates behind the norm.</param>
/// <param name="fromPrevious">Whether embeddings come from the ĥ of the step before.</param>
public sealed class TorchHyperLstm(
    IReadOnlyDictionary<string, torch.Tensor> weights, string path, double epsilon = 1e-3, double forgetBias = 1, bool fromPrevious = false)
    : TorchLstm(weights, path, epsilon, forgetBias)
{
    private const int Gates = 4;

    private readonly TorchLstm hyper = new(weights, path + ".hyper", epsilon, forgetBias);
    private torch.Tensor current = null!;
    private torch.Tensor previous = null!;

    /// <inheritdoc/>
    public override void Begin(int examples)
    {
        base.Begin(examples);
        hyper.Begin(examples);
        current = Zeros(examples, Weight("hyper.bias").shape[0] / Gates);
    }

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        previous = current;
        current = hyper.Step(torch.cat([H, x], 1));
        return base.Step(x);
    }

    /// <inheritdoc/>
    protected override torch.Tensor Sum(int gate, torch.Tensor x)
    {
        torch.Tensor scaleState = Times(Embedding(gate), Weight("scale")[gate]);
        torch.Tensor scaleInput = Times(Embedding(Gates + gate), Weight("scale")[Gates + gate]);
        torch.Tensor z = Times(Hyper, Part("biasEmbedding.weight", gate, Gates));
        return scaleState * Times(H, Part("fromState", gate, Gates))
            + scaleInput * Times(x, Part("fromInput", gate, Gates))
            + Times(z, Weight("biasScale")[gate])
            + Part("bias", gate, Gates);
    }

    private torch.Tensor Hyper => fromPrevious ? previous : current;

    private torch.Tensor Embedding(int which) =>
        Times(Hyper, Part("scaleEmbedding.weight", which, 2 * Gates)) + Part("scaleEmbedding.bias", which, 2 * Gates);
}

using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>
/// The HyperRNN of Ha, Dai and Le 2016, scaled (equation 8) or of full rank (equation 5), where every example gets matrices of its own at
/// every step; embeddings from the ĥ of the same step.
/// </summary>
/// <inheritdoc/>
public sealed class TorchHyperRnn(IReadOnlyDictionary<string, torch.Tensor> weights, string path) : TorchCell(weights, path)
{
    private readonly TorchRnn hyper = new(weights, path + ".hyper");
    private torch.Tensor h = null!;

    /// <inheritdoc/>
    public override void Begin(int examples)
    {
        hyper.Begin(examples);
        h = Zeros(examples, Weight("bias").shape[0]);
    }

    /// <inheritdoc/>
    public override torch.Tensor Step(torch.Tensor x)
    {
        torch.Tensor a = hyper.Step(torch.cat([h, x], 1));
        torch.Tensor zState = Times(a, Weight("stateEmbedding.weight")) + Weight("stateEmbedding.bias");
        torch.Tensor zInput = Times(a, Weight("inputEmbedding.weight")) + Weight("inputEmbedding.bias");
        torch.Tensor zBias = Times(a, Weight("biasEmbedding.weight"));
        torch.Tensor sum = Has("fromState")
            ? Times(zState, Weight("stateScale")) * Times(h, Weight("fromState"))
                + Times(zInput, Weight("inputScale")) * Times(x, Weight("fromInput"))
            : Generated(Weight("stateScale"), zState, h) + Generated(Weight("inputScale"), zInput, x);
        h = (sum + Times(zBias, Weight("biasScale")) + Weight("bias")).tanh();
        return h;
    }

    /// <summary>⟨W, z⟩ y with one matrix an example.</summary>
    /// <param name="weight">[outputs, inputs, embedding].</param>
    /// <param name="z">[batch, embedding].</param>
    /// <param name="y">[batch, inputs].</param>
    private static torch.Tensor Generated(torch.Tensor weight, torch.Tensor z, torch.Tensor y)
    {
        torch.Tensor matrices = weight.unsqueeze(0).matmul(z.unsqueeze(1).unsqueeze(-1)).squeeze(-1);
        return matrices.bmm(y.unsqueeze(-1)).squeeze(-1);
    }
}

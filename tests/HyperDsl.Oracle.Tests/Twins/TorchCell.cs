using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>
/// A cell written by hand for libtorch, one product a gate as the papers print it, in double precision with autograd. Weights are
/// found by the names of the compiled cell.
/// </summary>
/// <param name="weights">All weights of the model.</param>
/// <param name="path">Where the cell stands in the model, such as <c>cell.hyper</c>.</param>
public abstract class TorchCell(IReadOnlyDictionary<string, torch.Tensor> weights, string path)
{
    /// <summary>Forgets what the last sequence left.</summary>
    /// <param name="examples">Size of the batch that comes.</param>
    public abstract void Begin(int examples);

    /// <summary>[batch, units] from [batch, inputs].</summary>
    public abstract torch.Tensor Step(torch.Tensor x);

    /// <summary>[batch, step, units] from [batch, step, inputs].</summary>
    public torch.Tensor Scan(torch.Tensor sequence)
    {
        Begin((int)sequence.shape[0]);
        return torch.stack([.. sequence.unbind(1).Select(Step)], 1);
    }

    /// <summary>A weight of this cell.</summary>
    protected torch.Tensor Weight(string name) => weights[$"{path}.{name}"];

    /// <summary>Whether the cell has a weight.</summary>
    protected bool Has(string name) => weights.ContainsKey($"{path}.{name}");

    /// <summary>One of several equal parts of a weight's first axis.</summary>
    /// <param name="name">The weight.</param>
    /// <param name="part">Which part.</param>
    /// <param name="parts">How many there are.</param>
    protected torch.Tensor Part(string name, int part, int parts) => Weight(name).chunk(parts, 0)[part];

    /// <summary>x · Wᵀ.</summary>
    protected static torch.Tensor Times(torch.Tensor x, torch.Tensor weight) => x.matmul(weight.t());

    /// <summary>libtorch's own layer norm over the last axis.</summary>
    protected static torch.Tensor LayerNorm(torch.Tensor x, torch.Tensor gain, torch.Tensor shift, double epsilon) =>
        torch.nn.functional.layer_norm(x, [x.shape[^1]], gain.reshape(-1), shift.reshape(-1), epsilon);

    /// <summary>A state that begins with zeros.</summary>
    protected static torch.Tensor Zeros(int examples, long units) => torch.zeros(examples, units, torch.float64);
}

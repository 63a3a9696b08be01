using HyperDsl.Benchmarks.Models;
using HyperDsl.Benchmarks.Rivals;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// A recurrent layer over a batch of sequences. The first rival is libtorch's own LSTM of the same number of units, for a HyperLSTM too:
/// there it does less arithmetic than HyperDsl. A HyperLSTM has a second rival that computes the same.
/// </summary>
public abstract class RecurrentCase : BenchmarkCase
{
    private readonly Dictionary<int, (RecurrentModel Model, GradientStore Gradients)> models = [];

    /// <summary>Makes both sides, with the same weights.</summary>
    /// <param name="sizes">The layer.</param>
    protected RecurrentCase(RecurrentSizes sizes)
    {
        Sizes = sizes;
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, sizes.Examples * sizes.Steps * RecurrentModel.Inputs).Select(_ => random.NextSingle() - 0.5f)];
        Batch = new Batch(sizes.Examples).Add("x", x, sizes.Steps);
        Input = torch.tensor(x).reshape(sizes.Examples, sizes.Steps, RecurrentModel.Inputs).transpose(0, 1).contiguous();
        foreach (int threads in ThreadCounts)
        {
            RecurrentModel model = sizes.Make();
            model.Threads = threads;
            RandomWeights.Set(model, seed: 1);
            models.Add(threads, (model, new GradientStore(model.Parameters)));
        }
        ParameterStore parameters = models[ThreadCounts[0]].Model.Parameters;
        Native = new NativeLstm(RecurrentModel.Inputs, sizes.Units, sizes.IsHyper ? null : parameters);
        Eager = sizes.IsHyper ? new EagerHyperLstm(parameters, sizes.Units, sizes.HyperUnits, sizes.Embedding) : null;
    }

    /// <summary>The layer and its sequences.</summary>
    protected RecurrentSizes Sizes { get; }

    /// <summary>HyperDsl's input.</summary>
    protected Batch Batch { get; }

    /// <summary>The rivals' input, [step, batch, inputs].</summary>
    protected torch.Tensor Input { get; }

    /// <summary>libtorch's own LSTM.</summary>
    protected NativeLstm Native { get; }

    /// <summary>A HyperLSTM of libtorch's operations.</summary>
    protected EagerHyperLstm? Eager { get; }

    /// <summary>The compiled model that runs with as many threads, and where its gradients go.</summary>
    protected (RecurrentModel Model, GradientStore Gradients) Ours(int threads) => models[threads];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Native.Dispose();
        Eager?.Dispose();
        Input.Dispose();
    }
}

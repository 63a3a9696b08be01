using HyperDsl.Benchmarks.Models;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// Loss and gradients of a recurrent layer over a batch of sequences. The rival is libtorch's own LSTM of the same number of units, for
/// a HyperLSTM too: it does more arithmetic than its rival.
/// </summary>
public sealed class RecurrentCase : BenchmarkCase
{
    private readonly int units;
    private readonly int examples;
    private readonly int steps;
    private readonly int hyperUnits;
    private readonly int embedding;
    private readonly Batch batch;
    private readonly Dictionary<int, (RecurrentModel Model, GradientStore Gradients)> models = [];
    private readonly TorchSharp.Modules.LSTM lstm;
    private readonly torch.Tensor input;

    private RecurrentCase(Func<RecurrentModel> make, int units, int examples, int steps, int hyperUnits = 0, int embedding = 0)
    {
        (this.units, this.examples, this.steps) = (units, examples, steps);
        (this.hyperUnits, this.embedding) = (hyperUnits, embedding);
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, examples * steps * RecurrentModel.Inputs).Select(_ => random.NextSingle() - 0.5f)];
        batch = new Batch(examples).Add("x", x, steps);
        input = torch.tensor(x).reshape(examples, steps, RecurrentModel.Inputs).transpose(0, 1).contiguous();
        foreach (int threads in ThreadCounts)
        {
            RecurrentModel model = make();
            model.Threads = threads;
            model.Initialise(seed: 1);
            models.Add(threads, (model, new GradientStore(model.Parameters)));
        }
        lstm = torch.nn.LSTM(RecurrentModel.Inputs, units);
        if (hyperUnits == 0)
        {
            CopyWeights(models[1].Model);
        }
    }

    /// <summary>The sizes of the paper's models and of a small one.</summary>
    public static IEnumerable<NamedCase> All { get; } =
    [
        new("lstm-128", () => new RecurrentCase(() => new Lstm128(), 128, 32, 50)),
        new("lstm-512", () => new RecurrentCase(() => new Lstm512(), 512, 64, 100)),
        new("lstm-1000", () => new RecurrentCase(() => new Lstm1000(), 1000, 128, 20)),
        new("hyperlstm-128", () => new RecurrentCase(() => new HyperLstm128(), 128, 32, 50, 32, 4)),
        new("hyperlstm-512", () => new RecurrentCase(() => new HyperLstm512(), 512, 64, 100, 128, 16)),
        new("hyperlstm-1000", () => new RecurrentCase(() => new HyperLstm1000(), 1000, 128, 20, 128, 4)),
    ];

    /// <inheritdoc/>
    public override string Rival => "torch.nn.LSTM with autograd";

    /// <summary>
    /// Products with state and input, forward, and their gradients but that of the input; for a HyperLSTM those of the hyper cell, of
    /// the twelve embeddings and of the scalings as well.
    /// </summary>
    public override double Operations => 2.0 * examples * steps * (
        (4 * units * ((3.0 * units) + (2.0 * RecurrentModel.Inputs)))
        + (4 * hyperUnits * ((3.0 * (hyperUnits + units)) + (2.0 * RecurrentModel.Inputs)))
        + (3 * 12.0 * embedding * (hyperUnits + units)));

    /// <inheritdoc/>
    public override void RunOurs(int threads) =>
        models[threads].Model.LossAndGradient("Loss", batch, models[threads].Gradients);

    /// <inheritdoc/>
    public override void RunRival()
    {
        lstm.zero_grad();
        using torch.Tensor loss = Loss();
        loss.backward();
    }

    /// <summary>Of the gradients of the weights from state to gates; a HyperLSTM has no counterpart.</summary>
    public override double? RelativeDifference()
    {
        if (hyperUnits > 0)
        {
            return null;
        }
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor theirs = lstm.get_parameter("weight_hh_l0")!.grad!;
        torch.Tensor ours = InTheirOrder(models[1].Gradients["cell.fromState"].ToArray()).reshape(theirs.shape);
        return ((ours - theirs).abs().max() / theirs.abs().max()).item<float>();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lstm.Dispose();
        input.Dispose();
    }

    private torch.Tensor Loss()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor output, _, _) = lstm.forward(input);
        return output.square().sum(-1).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Libtorch has its gates in the order i, f, g, o, HyperDsl i, g, f, o.</summary>
    private torch.Tensor InTheirOrder(float[] gates) =>
        torch.tensor(gates).reshape(4, units, -1).index_select(0, torch.tensor([0L, 2L, 1L, 3L]));

    private void CopyWeights(RecurrentModel model)
    {
        using IDisposable noGradients = torch.no_grad();
        foreach ((string ours, string theirs) in new[]
        {
            ("cell.fromInput", "weight_ih_l0"), ("cell.fromState", "weight_hh_l0"), ("cell.bias", "bias_ih_l0"),
        })
        {
            torch.Tensor target = lstm.get_parameter(theirs)!;
            target.copy_(InTheirOrder(model.Parameters[ours].ToArray()).reshape(target.shape));
        }
        lstm.get_parameter("bias_hh_l0")!.zero_();
    }
}

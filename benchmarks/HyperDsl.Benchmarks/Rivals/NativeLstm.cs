using TorchSharp;

namespace HyperDsl.Benchmarks.Rivals;

/// <summary>libtorch's own LSTM, which has its gates in the order i, f, g, o where HyperDsl has i, g, f, o.</summary>
public sealed partial class NativeLstm : RecurrentRival
{
    private readonly TorchSharp.Modules.LSTM lstm;
    private readonly int units;
    private readonly bool comparable;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="units">Width of the output.</param>
    /// <param name="same">The parameters of an LSTM without layer norm; null where HyperDsl's cell is another one.</param>
    public NativeLstm(int inputs, int units, ParameterStore? same)
    {
        this.units = units;
        comparable = same is not null;
        lstm = torch.nn.LSTM(inputs, units);
        Weights = [.. new[] { "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0" }.Select(name => lstm.get_parameter(name)!)];
        if (same is not null)
        {
            Copy(same);
        }
    }

    /// <inheritdoc/>
    public override string Name => "torch.nn.LSTM";

    /// <inheritdoc/>
    protected override IReadOnlyList<torch.Tensor> Weights { get; }

    /// <inheritdoc/>
    public override double? Difference(GradientStore ours)
    {
        if (!comparable)
        {
            return null;
        }
        using DisposeScope scope = torch.NewDisposeScope();
        return Difference(Gradient(Weights[1]), InTheirOrder(ours["cell.fromState"]).data<float>().ToArray());
    }

    /// <inheritdoc/>
    protected override torch.Tensor Scan(torch.Tensor input)
    {
        (torch.Tensor output, _, _) = lstm.forward(input);
        return output;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        lstm.Dispose();
    }

    private torch.Tensor InTheirOrder(ReadOnlySpan<float> gates) =>
        torch.tensor(gates.ToArray()).reshape(4, units, -1).index_select(0, torch.tensor([0L, 2L, 1L, 3L])).contiguous();

    private void Copy(ParameterStore parameters)
    {
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        string[] ours = ["cell.fromInput", "cell.fromState", "cell.bias"];
        foreach ((string name, torch.Tensor target) in ours.Zip(Weights))
        {
            target.copy_(InTheirOrder(parameters[name]).reshape(target.shape));
        }
        Weights[3].zero_();
    }
}

using TorchSharp;

namespace HyperDsl.Benchmarks.Rivals;

/// <content>One step at a time.</content>
public sealed partial class NativeLstm : IStepRival
{
    private torch.Tensor[] symbols = [];
    private (torch.Tensor H, torch.Tensor C)? state;

    /// <inheritdoc/>
    string IStepRival.Name => "torch.nn.LSTM, a step";

    /// <inheritdoc/>
    public void Restart()
    {
        if (symbols.Length == 0)
        {
            long inputs = Weights[0].shape[1];
            symbols = [.. torch.eye(inputs).view(inputs, 1, 1, inputs).unbind(0)];
        }
        Replace((torch.zeros(1, 1, units), torch.zeros(1, 1, units)));
    }

    /// <inheritdoc/>
    public torch.Tensor Next(int symbol)
    {
        (torch.Tensor output, torch.Tensor h, torch.Tensor c) = lstm.forward(symbols[symbol], state);
        output.Dispose();
        Replace((h.DetachFromDisposeScope(), c.DetachFromDisposeScope()));
        return h.view(1, units);
    }

    private void Replace((torch.Tensor H, torch.Tensor C) next)
    {
        state?.H.Dispose();
        state?.C.Dispose();
        state = next;
    }
}

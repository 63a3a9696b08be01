using TorchSharp;

namespace HyperDsl.Benchmarks.Rivals;

/// <content>One step at a time: products with a one-hot input are rows of a table that has the bias in it.</content>
public sealed partial class EagerHyperLstm : IStepRival
{
    private StepConstants? held;
    private torch.Tensor[][] rows = [];
    private HyperLstmState? last;

    /// <inheritdoc/>
    string IStepRival.Name => "TorchSharp eager HyperLSTM, a step";

    /// <inheritdoc/>
    public void Restart()
    {
        using IDisposable noGradients = torch.no_grad();
        if (held is null)
        {
            held = Constants();
            rows = [.. (fromInput + held.InputBias).split(1, 0).Select(row => row.split([Gates * units, Gates * hyperUnits], 1))];
        }
        Forget(last);
        last = Begin(1);
    }

    /// <inheritdoc/>
    public torch.Tensor Next(int symbol)
    {
        HyperLstmState before = last!;
        last = Step(held!, before, rows[symbol][0], rows[symbol][1]);
        Array.ForEach([last.H, last.C, last.HyperH, last.HyperC], value => value.DetachFromDisposeScope());
        Forget(before);
        return last.H;
    }

    private static void Forget(HyperLstmState? state)
    {
        state?.H.Dispose();
        state?.C.Dispose();
        state?.HyperH.Dispose();
        state?.HyperC.Dispose();
    }
}

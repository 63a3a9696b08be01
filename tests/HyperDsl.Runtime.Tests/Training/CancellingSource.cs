using HyperDsl.Data;

namespace HyperDsl.Tests.Training;

/// <summary>Cancels while it makes a batch, as somebody does who presses a key in an evaluation.</summary>
internal sealed class CancellingSource(BatchSource inner, Action cancel) : BatchSource
{
    private int delivered;

    /// <summary>Which of all batches that were ever delivered.</summary>
    public int CancelAt { get; set; }

    public override int BatchesPerEpoch => inner.BatchesPerEpoch;

    public override int ExamplesPerEpoch => inner.ExamplesPerEpoch;

    public override string Order => inner.Order;

    protected override Batch Deliver(DataPosition place)
    {
        if (++delivered == CancelAt)
        {
            cancel();
        }

        inner.Position = place;
        return inner.Next();
    }

    protected override void Dispose(bool disposing) => inner.Dispose();
}

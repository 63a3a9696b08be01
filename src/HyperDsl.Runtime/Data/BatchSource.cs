namespace HyperDsl.Data;

/// <summary>A place in the stream of batches.</summary>
/// <param name="Epoch">Epochs completed.</param>
/// <param name="Batch">Batches of this epoch already delivered.</param>
public readonly record struct DataPosition(long Epoch, int Batch);

/// <summary>
/// An endless stream of batches in epochs. What it delivers is a function of <see cref="Position"/> and, where batches carry one, of
/// <see cref="State"/>, so a run can be resumed by setting them.
/// </summary>
public abstract class BatchSource : IDisposable
{
    private DataPosition position;

    /// <summary>Batches of an epoch, at least 1.</summary>
    public abstract int BatchesPerEpoch { get; }

    /// <summary>Examples of an epoch, counting delivered ones only.</summary>
    public abstract int ExamplesPerEpoch { get; }

    /// <summary>The states that the batches carry on from one to the next; null where each begins anew.</summary>
    public virtual SequenceState? State => null;

    /// <summary>
    /// Everything that fixes the stream besides the data: seed, batch size, shuffling. Equal texts and positions mean equal
    /// batches; checkpoints compare it.
    /// </summary>
    public abstract string Order { get; }

    /// <summary>The place of the batch that <see cref="Next"/> delivers next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An epoch has no such batch.</exception>
    public DataPosition Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value.Epoch, nameof(value));
            ArgumentOutOfRangeException.ThrowIfNegative(value.Batch, nameof(value));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value.Batch, BatchesPerEpoch, nameof(value));
            position = value;
        }
    }

    /// <summary>
    /// Delivers a batch and moves on. The batch is used again: it is valid until the next call, and so is what it was asked to watch.
    /// </summary>
    public Batch Next()
    {
        Batch batch = Deliver(position);
        position = After(position);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The place after another one.</summary>
    protected DataPosition After(DataPosition place) =>
        place.Batch + 1 < BatchesPerEpoch ? place with { Batch = place.Batch + 1 } : new DataPosition(place.Epoch + 1, 0);

    /// <summary>Makes the batch of a place. One that is used again watches nothing: <c>batch.Watch(null)</c>.</summary>
    protected abstract Batch Deliver(DataPosition place);

    /// <summary>Frees what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

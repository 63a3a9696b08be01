using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>What goes into calls of a routine and where to its outputs go. Not for several threads at a time.</summary>
internal sealed class EntryCall
{
    private readonly IReadOnlyList<OutputPlan> watched;
    private readonly EntryColumns columns;
    private readonly Memory<float>[] outputs;
    private readonly int stateCount;

    /// <param name="plan">The entry.</param>
    /// <param name="watched">What the routine gives behind prediction and states.</param>
    public EntryCall(EntryPlan plan, IReadOnlyList<OutputPlan> watched)
    {
        (Plan, this.watched) = (plan, watched);
        columns = new EntryColumns(plan);
        OutputPlans = EntryColumns.Outputs(plan, watched);
        outputs = new Memory<float>[OutputPlans.Count];
        stateCount = plan.States.Count;
    }

    public EntryPlan Plan { get; }

    /// <summary>All inputs of the routine.</summary>
    public IReadOnlyList<InputPlan> InputPlans => columns.Plans;

    /// <summary>All outputs of the routine.</summary>
    public IReadOnlyList<OutputPlan> OutputPlans { get; }

    /// <summary>Whether the routine gives watched values.</summary>
    public bool IsWatching => watched.Count > 0;

    /// <summary>The columns of a batch; they are overwritten by the next call. States are those that the host used last.</summary>
    /// <exception cref="ArgumentException">The batch does not fit.</exception>
    public InputColumn<float>[] Inputs(Batch batch) => columns.Of(batch);

    /// <summary>Room for all outputs, empty where nobody reads one; overwritten by the next call.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="predictions">Receives predictions, or is empty.</param>
    /// <param name="keepsStates">Whether whoever runs the routine keeps the states itself.</param>
    public Memory<float>[] Outputs(Batch batch, Memory<float> predictions, bool keepsStates = false)
    {
        int next = 0;
        if (!Plan.IsLoss)
        {
            outputs[next++] = predictions;
        }
        ReadOnlySpan<StateValues> continued = columns.Continued(batch);
        for (int i = 0; i < stateCount; i++)
        {
            outputs[next++] = continued.IsEmpty || keepsStates ? default : continued[i].Unrefreshed;
        }
        if (watched.Count > 0 && batch.Watched is Watched seen)
        {
            seen.Keep(watched);
            for (int i = 0; i < watched.Count; i++)
            {
                outputs[next++] = seen.Room(watched[i], batch.Count, batch.Steps).Memory;
            }
        }
        return outputs;
    }

    /// <summary>The states that a batch continues are now what the routine left.</summary>
    public void Finish(Batch batch)
    {
        foreach (StateValues state in columns.Continued(batch))
        {
            state.Fresh.AsSpan().Clear();
        }
    }
}

using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>A routine of an entry with the room for what goes in and comes out. Not for several threads at a time.</summary>
internal sealed class EntryRoutine
{
    private readonly EntryPlan plan;
    private readonly IReadOnlyList<OutputPlan> watched;
    private readonly RoutineRunner<float> runner;
    private readonly EntryColumns columns;
    private readonly Memory<float>[] outputs;

    /// <param name="plan">The entry.</param>
    /// <param name="routine">One of its routines.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="watched">What the routine gives behind prediction and states.</param>
    public EntryRoutine(EntryPlan plan, CompiledRoutine<float> routine, WorkerPool pool, IReadOnlyList<OutputPlan> watched)
    {
        (this.plan, this.watched) = (plan, watched);
        IReadOnlyList<OutputPlan> outputPlans = EntryColumns.Outputs(plan, watched);
        columns = new EntryColumns(plan);
        outputs = new Memory<float>[outputPlans.Count];
        runner = new RoutineRunner<float>(routine, pool, columns.Plans, outputPlans);
    }

    /// <summary>Runs over a batch; the states it continues are left as the routine leaves them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="parameters">The flat buffer.</param>
    /// <param name="version">Of the buffer's values.</param>
    /// <param name="gradients">Receives gradients, or <c>null</c>.</param>
    /// <param name="updates">Receives new values of untrained parameters, or <c>null</c>.</param>
    /// <param name="predictions">Receives predictions, or is empty.</param>
    /// <param name="randomKey">The key of the step's random numbers.</param>
    /// <returns>The loss, if any.</returns>
    /// <exception cref="ArgumentException">The batch does not fit.</exception>
    public double Run(
        Batch batch,
        AlignedBuffer<float> parameters,
        long version,
        AlignedBuffer<float>? gradients,
        AlignedBuffer<float>? updates,
        Memory<float> predictions,
        ulong randomKey)
    {
        InputColumn<float>[] inputs = columns.Of(batch);
        FillOutputs(batch, predictions);
        double loss = runner.Run(new RoutineArguments<float>
        {
            Parameters = parameters,
            ParametersVersion = version,
            Gradients = gradients,
            Updates = updates,
            Inputs = inputs,
            Outputs = outputs,
            Examples = batch.Count,
            Steps = batch.Steps,
            RandomKey = randomKey,
        });
        if (batch.State is SequenceState state)
        {
            for (int i = 0; i < plan.States.Count; i++)
            {
                state.Get(plan.States[i].Name).Fresh.AsSpan().Clear();
            }
        }
        return loss;
    }

    private void FillOutputs(Batch batch, Memory<float> predictions)
    {
        int next = 0;
        if (!plan.IsLoss)
        {
            outputs[next++] = predictions;
        }
        for (int i = 0; i < plan.States.Count; i++)
        {
            outputs[next++] = batch.State is SequenceState state ? state.Get(plan.States[i].Name).Values : default;
        }
        if (watched.Count > 0 && batch.Watched is Watched seen)
        {
            seen.Keep(watched);
            for (int i = 0; i < watched.Count; i++)
            {
                outputs[next++] = seen.Room(watched[i], batch.Count, batch.Steps).Memory;
            }
        }
    }
}

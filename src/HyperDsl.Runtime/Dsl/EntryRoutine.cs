using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>A routine of an entry with the room for what goes in and comes out. Not for several threads at a time.</summary>
internal sealed class EntryRoutine
{
    private readonly EntryCall call;
    private readonly RoutineRunner<float> runner;

    /// <param name="plan">The entry.</param>
    /// <param name="routine">One of its routines.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="watched">What the routine gives behind prediction and states.</param>
    public EntryRoutine(EntryPlan plan, CompiledRoutine<float> routine, WorkerPool pool, IReadOnlyList<OutputPlan> watched)
    {
        call = new EntryCall(plan, watched);
        runner = new RoutineRunner<float>(routine, pool, call.InputPlans, call.OutputPlans);
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
        batch.State?.UseOnHost();
        InputColumn<float>[] inputs = call.Inputs(batch);
        double loss = runner.Run(new RoutineArguments<float>
        {
            Parameters = parameters,
            ParametersVersion = version,
            Gradients = gradients,
            Updates = updates,
            Inputs = inputs,
            Outputs = call.Outputs(batch, predictions),
            Examples = batch.Count,
            Steps = batch.Steps,
            RandomKey = randomKey,
        });
        call.Finish(batch);
        return loss;
    }
}

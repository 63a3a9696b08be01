using System.Collections.Concurrent;
using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>The routines of an entry that were made so far.</summary>
internal sealed class CompiledEntry(string model, EntryPlan plan)
{
    // Threads outlive models: pools are shared and never end.
    private static readonly ConcurrentDictionary<int, WorkerPool> Pools = new();

    private readonly EntryColumns columns = new(plan);
    private EntryRoutine? evaluate;
    private EntryRoutine? train;
    private EntryRoutine? watchEvaluate;
    private EntryRoutine? watchTrain;
    private EntryCall? evaluateOnDevice;
    private EntryCall? trainOnDevice;
    private EntryCall? watchEvaluateOnDevice;
    private EntryCall? watchTrainOnDevice;
    private RoutineRunner<double>? evaluate64;
    private RoutineRunner<double>? train64;

    public EntryPlan Plan => plan;

    /// <summary>Elements of one example's prediction; 0 for a loss.</summary>
    public int OutputSize { get; } = plan.IsLoss ? 0 : ShapeRules.Count(plan.OutputShape);

    /// <summary>Elements that a batch's predictions have.</summary>
    public int PredictionSize(Batch batch) => checked(batch.Count * OutputSize * (plan.OutputSteps ? batch.Steps : 1));

    public static WorkerPool Pool(int threads) => Pools.GetOrAdd(threads, count => new WorkerPool(count));

    /// <summary>The routine without gradients; that with watched values where the batch asks for them.</summary>
    /// <exception cref="InvalidOperationException">The batch asks for watched values, and there are none.</exception>
    public EntryRoutine Evaluate(Batch batch, int threads) => batch.Watched is null
        ? evaluate ??= new EntryRoutine(plan, plan.Evaluate(), Pool(threads), [])
        : watchEvaluate ??= Watching(plan.WatchEvaluate, threads);

    /// <summary>The routine with gradients; that with watched values where the batch asks for them.</summary>
    /// <exception cref="InvalidOperationException">There is no such routine.</exception>
    public EntryRoutine Train(Batch batch, int threads) => batch.Watched is null
        ? train ??= new EntryRoutine(plan, (plan.Train ?? throw NoGradient())(), Pool(threads), [])
        : watchTrain ??= Watching(plan.WatchTrain, threads);

    /// <summary>What goes in and out of the routine on a device; with watched values where the batch asks for them.</summary>
    /// <exception cref="InvalidOperationException">The batch asks for watched values, and there are none.</exception>
    public EntryCall OnDevice(Batch batch, bool training) => (batch.Watched is not null, training) switch
    {
        (false, false) => evaluateOnDevice ??= new EntryCall(plan, []),
        (false, true) => trainOnDevice ??= new EntryCall(plan, []),
        (true, false) => watchEvaluateOnDevice ??= new EntryCall(plan, (plan.WatchEvaluate ?? throw WatchesNothing()).Outputs),
        (true, true) => watchTrainOnDevice ??= new EntryCall(plan, (plan.WatchTrain ?? throw WatchesNothing()).Outputs),
    };

    public RoutineRunner<double> Evaluate64(int threads) => evaluate64 ??= Runner64(plan.Evaluate64 ?? throw NoFloat64(), threads);

    public RoutineRunner<double> Train64(int threads) => train64 ??= Runner64(plan.Train64 ?? throw NoFloat64(), threads);

    /// <exception cref="ArgumentException">The batch does not fit the entry, or asks for watched values.</exception>
    public InputColumn<double>[] Inputs64(Batch batch)
    {
        if (batch.Watched is not null)
        {
            throw new ArgumentException("Values are watched in single precision only: leave out batch.Watch for calls in double precision.");
        }
        batch.State?.RefreshOnHost();
        return
        [
            .. columns.Of(batch).Select(column => column.IsIndex
                ? new InputColumn<double>(column.Indices)
                : new InputColumn<double>(Array.ConvertAll(column.Reals.ToArray(), value => (double)value))),
        ];
    }

    /// <summary>Room for the outputs of a routine in double precision: its states are not read.</summary>
    public Memory<double>[] Outputs64(Memory<double> predictions)
    {
        Memory<double>[] outputs = new Memory<double>[EntryColumns.Outputs(plan, []).Count];
        if (!plan.IsLoss)
        {
            outputs[0] = predictions;
        }
        return outputs;
    }

    public InvalidOperationException WrongKind() => new(plan.IsLoss
        ? $"'{model}.{plan.Name}' is a loss; ask for a prediction of a method marked [Predict]."
        : $"'{model}.{plan.Name}' is a prediction; ask for a loss of a method marked [Loss].");

    private EntryRoutine Watching(WatchPlan? watch, int threads) => watch is null
        ? throw WatchesNothing()
        : new EntryRoutine(plan, watch.Make(), Pool(threads), watch.Outputs);

    private InvalidOperationException WatchesNothing() => new(
        $"'{model}.{plan.Name}' watches nothing. Name a value by Watch(\"name\", value) in the model or in a cell that it uses.");

    private RoutineRunner<double> Runner64(Func<CompiledRoutine<double>> make, int threads) =>
        new(make(), Pool(threads), columns.Plans, EntryColumns.Outputs(plan, []));

    private InvalidOperationException NoGradient() => plan.IsLoss
        ? new($"'{model}.{plan.Name}' was compiled without gradients; rebuild the project.")
        : WrongKind();

    private InvalidOperationException NoFloat64() => new(
        $"'{model}.{plan.Name}' was not compiled in double precision. Mark the model [HyperModel(Float64 = true)].");
}

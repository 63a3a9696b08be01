using System.Collections.Concurrent;
using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>The routines of an entry that were made so far, and the room for their inputs.</summary>
internal sealed class CompiledEntry(string model, EntryPlan plan)
{
    // Threads outlive models: pools are shared and never end.
    private static readonly ConcurrentDictionary<int, WorkerPool> Pools = new();

    private readonly InputColumn<float>[] columns = new InputColumn<float>[plan.Inputs.Count];
    private RoutineRunner<float>? evaluate;
    private RoutineRunner<float>? train;
    private RoutineRunner<double>? evaluate64;
    private RoutineRunner<double>? train64;

    public EntryPlan Plan => plan;

    /// <summary>Elements of one example's prediction; 0 for a loss.</summary>
    public int OutputSize { get; } = plan.IsLoss ? 0 : ShapeRules.Count(plan.OutputShape);

    /// <summary>Elements that a batch's predictions have.</summary>
    public int PredictionSize(Batch batch) => checked(batch.Count * OutputSize * (plan.OutputSteps ? batch.Steps : 1));

    public static WorkerPool Pool(int threads) => Pools.GetOrAdd(threads, count => new WorkerPool(count));

    public RoutineRunner<float> Evaluate(int threads) => evaluate ??= Runner(plan.Evaluate, threads);

    public RoutineRunner<float> Train(int threads) => train ??= Runner(plan.Train ?? throw NoGradient(), threads);

    public RoutineRunner<double> Evaluate64(int threads) => evaluate64 ??= Runner(plan.Evaluate64 ?? throw NoFloat64(), threads);

    public RoutineRunner<double> Train64(int threads) => train64 ??= Runner(plan.Train64 ?? throw NoFloat64(), threads);

    /// <exception cref="ArgumentException">The batch does not fit the entry.</exception>
    public InputColumn<float>[] Inputs(Batch batch)
    {
        Fill(plan, batch, columns);
        return columns;
    }

    /// <exception cref="ArgumentException">The batch does not fit the entry.</exception>
    public static void Fill(EntryPlan plan, Batch batch, InputColumn<float>[] columns)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.CheckNames(plan);
        for (int i = 0; i < columns.Length; i++)
        {
            InputPlan input = plan.Inputs[i];
            columns[i] = input.Classes > 0
                ? new InputColumn<float>(batch.Index(input))
                : new InputColumn<float>(batch.Real(input));
        }
    }

    /// <exception cref="ArgumentException">The batch does not fit the entry.</exception>
    public InputColumn<double>[] Inputs64(Batch batch) =>
        [.. Inputs(batch).Select(column => column.IsIndex
            ? new InputColumn<double>(column.Indices)
            : new InputColumn<double>(Array.ConvertAll(column.Reals.ToArray(), value => (double)value)))];

    public InvalidOperationException WrongKind() => new(plan.IsLoss
        ? $"'{model}.{plan.Name}' is a loss; ask for a prediction of a method marked [Predict]."
        : $"'{model}.{plan.Name}' is a prediction; ask for a loss of a method marked [Loss].");

    private RoutineRunner<T> Runner<T>(Func<CompiledRoutine<T>> make, int threads)
        where T : unmanaged => new(make(), Pool(threads), plan.Inputs, OutputSize, plan.OutputSteps);

    private InvalidOperationException NoGradient() => plan.IsLoss
        ? new($"'{model}.{plan.Name}' was compiled without gradients; rebuild the project.")
        : WrongKind();

    private InvalidOperationException NoFloat64() => new(
        $"'{model}.{plan.Name}' was not compiled in double precision. Mark the model [HyperModel(Float64 = true)].");
}

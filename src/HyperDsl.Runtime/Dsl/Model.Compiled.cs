using HyperDsl.Execution;

namespace HyperDsl;

/// <content>Calls of the compiled entry points.</content>
public abstract partial class Model
{
    private readonly Dictionary<string, CompiledEntry> compiled = new(StringComparer.Ordinal);
    private AlignedBuffer<float>? updates;
    private int threads = Environment.ProcessorCount;

    /// <summary>
    /// How many threads compiled calls use, with the caller's; as many as the machine has processors unless set. It never changes a bit
    /// of a result.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Threads
    {
        get => threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            if (value != threads)
            {
                threads = value;
                compiled.Clear();
            }
        }
    }

    /// <summary>The compiled entry points.</summary>
    /// <exception cref="InvalidOperationException">The model was not compiled.</exception>
    public IReadOnlyList<EntryPlan> Entries => (Plan ?? throw NotCompiled()).Entries;

    /// <summary>The mean loss over a batch, with <see cref="Mode.Training"/> off; no weight changes.</summary>
    /// <param name="entry">Name of a method marked <c>[Loss]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <exception cref="ArgumentException">There is no such entry, or the batch does not fit it.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or the entry is no loss.</exception>
    public double Loss(string entry, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CompiledEntry found = Find(entry, isLoss: true);
        return executor is null
            ? Run(found.Evaluate(batch, Threads), batch, null, default, 0)
            : executor.Evaluate(found.OnDevice(batch, training: false), batch, default);
    }

    /// <summary>
    /// The mean loss over a batch and its gradient, with <see cref="Mode.Training"/> on; updates running statistics if the loss is finite.
    /// </summary>
    /// <param name="entry">Name of a method marked <c>[Loss]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <param name="gradients">Receives the gradient; what it held is overwritten.</param>
    /// <param name="randomKey">The key of the step's random numbers, a function of seed and step.</param>
    /// <exception cref="ArgumentException">There is no such entry, or the batch or the gradients do not fit.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or the entry is no loss.</exception>
    public double LossAndGradient(string entry, Batch batch, GradientStore gradients, ulong randomKey = 0)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Length != Parameters.Length)
        {
            throw new ArgumentException(
                $"The gradients have {gradients.Length} elements, the model's parameters {Parameters.Length}. "
                + "Make them by new GradientStore(model.Parameters).");
        }
        CompiledEntry found = Find(entry, isLoss: true);
        if (executor is not null)
        {
            return executor.Train(found.OnDevice(batch, training: true), batch, gradients, randomKey);
        }
        gradients.Clear();
        return Run(found.Train(batch, Threads), batch, gradients.Buffer, default, randomKey);
    }

    /// <summary>Predictions of all examples of a batch, with <see cref="Mode.Training"/> off; no weight changes.</summary>
    /// <param name="entry">Name of a method marked <c>[Predict]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <returns>[example, shape], row-major; [example, step, shape] where the prediction varies with time.</returns>
    /// <exception cref="ArgumentException">There is no such entry, or the batch does not fit it.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or the entry is a loss.</exception>
    public float[] Predict(string entry, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        float[] predictions = new float[Find(entry, isLoss: false).PredictionSize(batch)];
        Predict(entry, batch, predictions);
        return predictions;
    }

    /// <summary>As <see cref="Predict(string, Batch)"/>, without allocating.</summary>
    /// <param name="entry">Name of a method marked <c>[Predict]</c>.</param>
    /// <param name="batch">The inputs.</param>
    /// <param name="predictions">Receives [example, shape], row-major.</param>
    /// <exception cref="ArgumentException">There is no such entry, or batch or predictions do not fit it.</exception>
    /// <exception cref="InvalidOperationException">The model was not compiled, or the entry is a loss.</exception>
    public void Predict(string entry, Batch batch, Memory<float> predictions)
    {
        ArgumentNullException.ThrowIfNull(batch);
        CompiledEntry found = Find(entry, isLoss: false);
        int expected = found.PredictionSize(batch);
        if (predictions.Length != expected)
        {
            throw new ArgumentException(
                $"'{entry}' predicts {expected / batch.Count} numbers for each of {batch.Count} examples, {expected} in all, "
                + $"but there is room for {predictions.Length}.");
        }
        if (executor is not null)
        {
            executor.Evaluate(found.OnDevice(batch, training: false), batch, predictions);
            return;
        }
        Run(found.Evaluate(batch, Threads), batch, null, predictions, 0);
    }

    /// <summary>The states of all cells that entries scan, for sequences that go on from call to call.</summary>
    /// <param name="rows">The number of sequences: the size of the batches that continue them.</param>
    /// <returns>Fresh states: every sequence begins with what its cells declare.</returns>
    /// <exception cref="InvalidOperationException">The model was not compiled, or scans no cell.</exception>
    public SequenceState NewState(int rows)
    {
        IReadOnlyList<OutputPlan> states = [.. Entries.SelectMany(entry => entry.States).DistinctBy(state => state.Name)];
        return states.Count > 0 ? new SequenceState(rows, states) : throw new InvalidOperationException(
            $"The model {GetType().Name} has no entry that scans a cell with states, so there is nothing to continue.");
    }

    private double Run(
        EntryRoutine routine, Batch batch, AlignedBuffer<float>? gradients, Memory<float> predictions, ulong randomKey)
    {
        ParameterStore store = Parameters;
        updates ??= new AlignedBuffer<float>(store.Length);
        if (gradients is null)
        {
            // Evaluation changes no weight, here or on a device: what Update gives is dropped.
            return routine.Run(batch, store.Buffer, store.Version, gradients, updates, predictions, randomKey);
        }
        CopyUntrained(store.ReadOnlyValues, updates.Span);
        double loss = routine.Run(batch, store.Buffer, store.Version, gradients, updates, predictions, randomKey);
        // A loss that is not finite ends training with the weights as they were, running statistics included.
        if (double.IsFinite(loss) && UntrainedDiffer(updates.Span))
        {
            CopyUntrained(updates.Span, store.Values);
        }
        return loss;
    }

    private void CopyUntrained(ReadOnlySpan<float> from, Span<float> to)
    {
        IReadOnlyList<ParameterPlan> all = Parameters.Parameters;
        for (int i = 0; i < all.Count; i++)
        {
            if (!all[i].Trained)
            {
                int count = ShapeRules.Count(all[i].Shape);
                from.Slice(all[i].Offset, count).CopyTo(to.Slice(all[i].Offset, count));
            }
        }
    }

    private bool UntrainedDiffer(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<float> current = Parameters.ReadOnlyValues;
        IReadOnlyList<ParameterPlan> all = Parameters.Parameters;
        for (int i = 0; i < all.Count; i++)
        {
            int count = all[i].Trained ? 0 : ShapeRules.Count(all[i].Shape);
            if (!values.Slice(all[i].Offset, count).SequenceEqual(current.Slice(all[i].Offset, count)))
            {
                return true;
            }
        }
        return false;
    }

    private CompiledEntry Find(string entry, bool isLoss)
    {
        if (!compiled.TryGetValue(entry, out CompiledEntry? found))
        {
            found = new CompiledEntry(GetType().Name, FindPlan(entry));
            compiled.Add(entry, found);
        }
        return found.Plan.IsLoss == isLoss ? found : throw found.WrongKind();
    }

    private EntryPlan FindPlan(string entry)
    {
        foreach (EntryPlan plan in Entries)
        {
            if (plan.Name == entry)
            {
                return plan;
            }
        }
        throw new ArgumentException(
            $"The model {GetType().Name} has no entry '{entry}'. It has: {string.Join(", ", Entries.Select(plan => plan.Name))}.");
    }
}

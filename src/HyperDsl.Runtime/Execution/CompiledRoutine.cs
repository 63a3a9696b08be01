namespace HyperDsl.Execution;

/// <summary>Where a routine finds its memory. All pointers are aligned to 64 bytes; sizes are in elements of <typeparamref name="T"/>.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public unsafe struct Frame<T>
    where T : unmanaged
{
    /// <summary>The flat parameter buffer.</summary>
    public T* Parameters;

    /// <summary>The flat gradient buffer, laid out as the parameters; null when no gradient is computed.</summary>
    public T* Gradients;

    /// <summary>New values of parameters that are not trained, laid out as the parameters; null when nothing is updated.</summary>
    public T* Updates;

    /// <summary>Values that do not vary with the example.</summary>
    public T* Shared;

    /// <summary>Values of every example that outlive the phase that made them.</summary>
    public T* Batch;

    /// <summary>
    /// Values of every example at every step that outlive the phase that made them; those of a slice lie together, [steps][rows][shape].
    /// </summary>
    public T* BatchSteps;

    /// <summary>Sums over examples, <see cref="CompiledRoutine{T}.LaneSize"/> for each lane; lane 0 holds the totals in a once-phase.</summary>
    public T* Lanes;

    /// <summary>One array an input in the entry's order, [example][shape]; null where the input is an index.</summary>
    public T** Reals;

    /// <summary>One array an input in the entry's order, [example]; null where the input is real.</summary>
    public int** Indices;

    /// <summary>One array an output in the routine's order, [example][shape].</summary>
    public T** Outputs;

    /// <summary>The mean loss over the batch.</summary>
    public T* Loss;

    /// <summary>The number of examples in the batch.</summary>
    public int Examples;

    /// <summary>The number of steps of time; 1 where nothing varies with time.</summary>
    public int Steps;

    /// <summary>The key of this step's random numbers, a function of seed and step.</summary>
    public ulong RandomKey;
}

/// <summary>
/// A compiled entry point. Phases alternate: even phases run once, odd phases run over slices of the batch, each slice on one
/// worker from beginning to end. Emitted code derives from it; <see cref="RoutineRunner{T}"/> runs it.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public abstract unsafe class CompiledRoutine<T>
    where T : unmanaged
{
    /// <summary>The largest number of examples of a slice; part of the numerical result.</summary>
    public abstract int SliceRows { get; }

    /// <summary>The number of phases, an odd number: the last one is a once-phase.</summary>
    public abstract int Phases { get; }

    /// <summary>Elements that do not vary with the example.</summary>
    public abstract long SharedSize { get; }

    /// <summary>Elements an example that outlive a phase.</summary>
    public abstract long BatchSizePerExample { get; }

    /// <summary>Elements for each step of each example that outlive a phase.</summary>
    public virtual long BatchSizePerStep => 0;

    /// <summary>Elements of a worker's temporary memory.</summary>
    public abstract long ScratchSize { get; }

    /// <summary>
    /// Elements of a worker's temporary memory for each step of time, behind those of <see cref="ScratchSize"/>: values of a
    /// slice that vary with time.
    /// </summary>
    public virtual long ScratchSizePerStep => 0;

    /// <summary>Elements of one lane of sums over examples.</summary>
    public abstract long LaneSize { get; }

    /// <summary>The part of a lane that an odd phase adds up: zeroed before the phase, summed over lanes in order after it.</summary>
    public abstract (long Offset, long Size) LaneRange(int phase);

    /// <summary>Runs an even phase.</summary>
    public abstract void Once(int phase, in Frame<T> frame);

    /// <summary>Runs an odd phase for one slice.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="frame">The memory.</param>
    /// <param name="scratch">The worker's temporary memory.</param>
    /// <param name="lane">This lane's sums.</param>
    /// <param name="first">Index of the slice's first example.</param>
    /// <param name="rows">Examples in the slice, from 1 to <see cref="SliceRows"/>.</param>
    public abstract void Slice(int phase, in Frame<T> frame, T* scratch, T* lane, int first, int rows);
}

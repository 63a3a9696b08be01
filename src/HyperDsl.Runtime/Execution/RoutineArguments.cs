namespace HyperDsl.Execution;

/// <summary>A column of a batch: real numbers [example, shape] or indices [example].</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public readonly struct InputColumn<T>
    where T : unmanaged
{
    /// <summary>A column of real numbers.</summary>
    public InputColumn(ReadOnlyMemory<T> reals) => (Reals, IsIndex) = (reals, false);

    /// <summary>A column of indices.</summary>
    public InputColumn(ReadOnlyMemory<int> indices) => (Indices, IsIndex) = (indices, true);

    /// <summary>Real numbers, [example, shape].</summary>
    public ReadOnlyMemory<T> Reals { get; }

    /// <summary>Indices, [example].</summary>
    public ReadOnlyMemory<int> Indices { get; }

    /// <summary>Whether the column holds indices.</summary>
    public bool IsIndex { get; }

    /// <summary>A column of real numbers.</summary>
    public static implicit operator InputColumn<T>(T[] reals) => new(new ReadOnlyMemory<T>(reals));

    /// <summary>A column of indices.</summary>
    public static implicit operator InputColumn<T>(int[] indices) => new(new ReadOnlyMemory<int>(indices));
}

/// <summary>What one run of a routine reads and writes.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
public struct RoutineArguments<T>
    where T : unmanaged
{
    /// <summary>The flat parameter buffer.</summary>
    public required AlignedBuffer<T> Parameters { get; init; }

    /// <summary>
    /// Says when the parameters' values change: the same number in two runs promises the same values, and the first phase, which depends on
    /// parameters only, is left out of the second run. A negative number promises nothing.
    /// </summary>
    public long ParametersVersion { get; init; }

    /// <summary>The flat gradient buffer that the routine writes; null if it computes no gradient.</summary>
    public AlignedBuffer<T>? Gradients { get; init; }

    /// <summary>Where new values of parameters that are not trained are written; null if there are none.</summary>
    public AlignedBuffer<T>? Updates { get; init; }

    /// <summary>One column for each input of the entry; what is not an array is copied into one.</summary>
    public IReadOnlyList<InputColumn<T>> Inputs { get; init; }

    /// <summary>
    /// Where outputs are copied to, one piece an output, [example, shape] or [example, step, shape]; a piece may be empty, and all
    /// may be left out, where nobody reads them; what is not an array is copied into one.
    /// </summary>
    public IReadOnlyList<Memory<T>>? Outputs { get; init; }

    /// <summary>The number of examples.</summary>
    public int Examples { get; init; }

    /// <summary>The number of steps of time of every input that varies with it; 0 where nothing does.</summary>
    public int Steps { get; init; }

    /// <summary>The key of this run's random numbers.</summary>
    public ulong RandomKey { get; init; }
}

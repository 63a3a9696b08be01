namespace HyperDsl.Execution;

/// <summary>Aligned room for what a routine gives for each example, and the way from there to the caller.</summary>
internal sealed unsafe class OutputArena<T> : IDisposable
    where T : unmanaged
{
    private readonly OutputPlan[] plans;
    private readonly int[] sizes;
    private readonly AlignedBuffer<nint> pointers;
    private readonly AlignedBuffer<T>?[] buffers;
    private Memory<T>[] targets = [];
    private (int Examples, int Steps) arranged;

    public OutputArena(IReadOnlyList<OutputPlan> plans)
    {
        this.plans = [.. plans];
        sizes = [.. plans.Select(plan => ShapeRules.Count(plan.Shape))];
        pointers = new AlignedBuffer<nint>(plans.Count);
        buffers = new AlignedBuffer<T>?[plans.Count];
    }

    /// <summary>One array an output.</summary>
    public T** Pointers => (T**)pointers.Pointer;

    /// <summary>Takes where <see cref="CopyOut"/> is to copy to.</summary>
    /// <exception cref="ArgumentException">There are too many or too few pieces, or one is too short.</exception>
    public void Check(IReadOnlyList<Memory<T>>? given, int examples, int steps)
    {
        targets = given as Memory<T>[] ?? [.. given ?? []];
        if (given is null)
        {
            return;
        }

        if (targets.Length != plans.Length)
        {
            throw new ArgumentException($"The routine has {plans.Length} outputs, but room for {targets.Length} was given.");
        }

        for (var output = 0; output < plans.Length; output++)
        {
            var length = Length(output, examples, steps);
            if (targets[output].Length < length && !targets[output].IsEmpty)
            {
                throw new ArgumentException(
                    $"'{plans[output].Name}' of {examples} examples needs room for {length} elements, not {targets[output].Length}.");
            }
        }
    }

    /// <summary>Makes room for all outputs, also for those that nobody reads: the routine writes them.</summary>
    public void Prepare(int examples, int steps)
    {
        if (arranged == (examples, steps))
        {
            return;
        }

        arranged = default;
        for (var output = 0; output < plans.Length; output++)
        {
            var length = Length(output, examples, steps);
            var buffer = buffers[output];
            if (buffer is null || buffer.Length < length)
            {
                buffer?.Dispose();
                buffer = buffers[output] = new AlignedBuffer<T>(length);
            }

            Pointers[output] = buffer.Pointer;
        }

        arranged = (examples, steps);
    }

    /// <summary>Values that vary with time lie step by step in a slice; the caller gets them example by example.</summary>
    public void CopyOut(int examples, int steps, int sliceRows)
    {
        for (var output = 0; output < targets.Length; output++)
        {
            if (targets[output].IsEmpty)
            {
                continue;
            }

            var source = new ReadOnlySpan<T>(Pointers[output], Length(output, examples, steps));
            var target = targets[output].Span[..source.Length];
            if (plans[output].Steps)
            {
                SliceLayout.Restore(source, target, examples, steps, sizes[output], sliceRows);
            }
            else
            {
                source.CopyTo(target);
            }
        }

        targets = [];
    }

    public void Dispose()
    {
        pointers.Dispose();
        foreach (var buffer in buffers)
        {
            buffer?.Dispose();
        }
    }

    private int Length(int output, int examples, int steps) => checked(examples * sizes[output] * (plans[output].Steps ? steps : 1));
}

using System.Runtime.InteropServices;

namespace HyperDsl.Execution;

/// <summary>Aligned copies of a batch's columns, and their checks.</summary>
internal sealed unsafe class InputArena<T> : IDisposable
    where T : unmanaged
{
    private readonly IReadOnlyList<InputPlan> plans;
    private readonly AlignedBuffer<nint> pointers;
    private readonly AlignedBuffer<T>?[] reals;
    private readonly AlignedBuffer<int>?[] indices;

    public InputArena(IReadOnlyList<InputPlan> plans)
    {
        this.plans = plans;
        pointers = new AlignedBuffer<nint>(2 * plans.Count);
        reals = new AlignedBuffer<T>?[plans.Count];
        indices = new AlignedBuffer<int>?[plans.Count];
    }

    /// <summary>For each input its real numbers or null.</summary>
    public T** Reals => (T**)pointers.Pointer;

    /// <summary>For each input its indices or null.</summary>
    public int** Indices => (int**)(pointers.Pointer + plans.Count);

    /// <summary>Checks all columns, then copies them; a column may hold more examples than are used.</summary>
    /// <exception cref="ArgumentException">A column is missing, of the wrong kind or too short, or an index is out of range.</exception>
    public void Load(IReadOnlyList<InputColumn<T>>? columns, int examples)
    {
        if ((columns?.Count ?? 0) != plans.Count)
        {
            throw new ArgumentException($"The entry has {plans.Count} inputs, but {columns?.Count ?? 0} columns were given.");
        }

        for (var input = 0; input < plans.Count; input++)
        {
            Check(plans[input], columns![input], examples);
        }

        for (var input = 0; input < plans.Count; input++)
        {
            if (plans[input].Classes > 0)
            {
                Copy(columns![input].Indices.Span[..examples], ref indices[input], ref Indices[input]);
            }
            else
            {
                Copy(columns![input].Reals.Span[..(examples * Count(plans[input]))], ref reals[input], ref Reals[input]);
            }
        }
    }

    public void Dispose()
    {
        pointers.Dispose();
        foreach (var buffer in reals)
        {
            buffer?.Dispose();
        }

        foreach (var buffer in indices)
        {
            buffer?.Dispose();
        }
    }

    private static int Count(InputPlan plan)
    {
        var count = 1;
        for (var axis = 0; axis < plan.Shape.Count; axis++)
        {
            count = checked(count * plan.Shape[axis]);
        }

        return count;
    }

    private static void Check(InputPlan plan, InputColumn<T> column, int examples)
    {
        if (column.IsIndex != plan.Classes > 0)
        {
            throw new ArgumentException(
                $"Input '{plan.Name}' needs {(plan.Classes > 0 ? "labels (int)" : "real numbers")}, not {(column.IsIndex ? "labels" : "real numbers")}.");
        }

        var needed = checked(examples * (column.IsIndex ? 1 : Count(plan)));
        var given = column.IsIndex ? column.Indices.Length : column.Reals.Length;
        if (given < needed)
        {
            throw new ArgumentException($"Input '{plan.Name}' needs {needed} elements for {examples} examples, but has {given}.");
        }

        if (!column.IsIndex)
        {
            return;
        }

        var labels = column.Indices.Span[..examples];
        for (var example = 0; example < examples; example++)
        {
            if ((uint)labels[example] >= (uint)plan.Classes)
            {
                throw new ArgumentException(
                    $"Input '{plan.Name}' of example {example} is {labels[example]}; labels must be from 0 to {plan.Classes - 1}.");
            }
        }
    }

    private static void Copy<TElement>(ReadOnlySpan<TElement> source, ref AlignedBuffer<TElement>? buffer, ref TElement* pointer)
        where TElement : unmanaged
    {
        if (buffer is null || buffer.Length < source.Length)
        {
            buffer?.Dispose();
            buffer = new AlignedBuffer<TElement>(source.Length);
        }

        pointer = buffer.Pointer;
        source.CopyTo(MemoryMarshal.CreateSpan(ref *pointer, source.Length));
    }
}

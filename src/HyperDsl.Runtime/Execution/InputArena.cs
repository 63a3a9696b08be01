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
    public void Load(IReadOnlyList<InputColumn<T>>? columns, int examples, int steps, int sliceRows)
    {
        if ((columns?.Count ?? 0) != plans.Count)
        {
            throw new ArgumentException($"The entry has {plans.Count} inputs, but {columns?.Count ?? 0} columns were given.");
        }

        for (var input = 0; input < plans.Count; input++)
        {
            Check(plans[input], columns![input], examples, plans[input].Steps ? steps : 1);
        }

        for (var input = 0; input < plans.Count; input++)
        {
            var plan = plans[input];
            var layout = new SliceLayout(examples, plan.Steps ? steps : 1, plan.Classes > 0 ? 1 : Count(plan), sliceRows);
            if (plan.Classes > 0)
            {
                Copy(columns![input].Indices.Span, layout, ref indices[input], ref Indices[input]);
            }
            else
            {
                Copy(columns![input].Reals.Span, layout, ref reals[input], ref Reals[input]);
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

    private static void Check(InputPlan plan, InputColumn<T> column, int examples, int steps)
    {
        if (column.IsIndex != plan.Classes > 0)
        {
            throw new ArgumentException(
                $"Input '{plan.Name}' needs {(plan.Classes > 0 ? "labels (int)" : "real numbers")}, not {(column.IsIndex ? "labels" : "real numbers")}.");
        }

        var needed = checked(examples * steps * (column.IsIndex ? 1 : Count(plan)));
        var given = column.IsIndex ? column.Indices.Length : column.Reals.Length;
        if (given < needed)
        {
            throw new ArgumentException($"Input '{plan.Name}' needs {needed} elements for {examples} examples"
                + (plan.Steps ? $" of {steps} steps" : "") + $", but has {given}.");
        }

        if (!column.IsIndex)
        {
            return;
        }

        var labels = column.Indices.Span[..(examples * steps)];
        for (var index = 0; index < labels.Length; index++)
        {
            if ((uint)labels[index] >= (uint)plan.Classes)
            {
                throw new ArgumentException(
                    $"Input '{plan.Name}' of example {index / steps}{(plan.Steps ? $", step {index % steps}," : "")} is {labels[index]}; labels must be from 0 to {plan.Classes - 1}.");
            }
        }
    }

    private static void Copy<TElement>(
        ReadOnlySpan<TElement> column, in SliceLayout layout, ref AlignedBuffer<TElement>? buffer, ref TElement* pointer)
        where TElement : unmanaged
    {
        var length = layout.Length;
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = new AlignedBuffer<TElement>(length);
        }

        pointer = buffer.Pointer;
        layout.Arrange(column[..length], MemoryMarshal.CreateSpan(ref *pointer, length));
    }
}

using System.Runtime.InteropServices;

namespace HyperDsl.Execution;

/// <summary>Aligned copies of a batch's columns, and their checks.</summary>
internal sealed unsafe class InputArena<T> : IDisposable
    where T : unmanaged
{
    private readonly InputPlan[] plans;
    private readonly int[] sizes;
    private readonly AlignedBuffer<nint> pointers;
    private readonly AlignedBuffer<T>?[] reals;
    private readonly AlignedBuffer<int>?[] indices;
    private readonly SliceLayout[] layouts;
    private InputColumn<T>[] columns = [];
    private (int Examples, int Steps, int SliceRows) arranged;

    public InputArena(IReadOnlyList<InputPlan> plans)
    {
        this.plans = [.. plans];
        sizes = [.. plans.Select(plan => plan.Classes > 0 ? 1 : ShapeRules.Count(plan.Shape))];
        pointers = new AlignedBuffer<nint>(2 * plans.Count);
        reals = new AlignedBuffer<T>?[plans.Count];
        indices = new AlignedBuffer<int>?[plans.Count];
        layouts = new SliceLayout[plans.Count];
    }

    /// <summary>For each input its real numbers or null.</summary>
    public T** Reals => (T**)pointers.Pointer;

    /// <summary>For each input its indices or null.</summary>
    public int** Indices => (int**)(pointers.Pointer + plans.Length);

    /// <summary>
    /// Checks all columns, which may hold more examples than are used, and makes room for them. They are copied slice by slice, by the worker
    /// that is about to read them, and must not change until <see cref="Release"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A column is missing, of the wrong kind or too short, or an index is out of range.</exception>
    public void Prepare(IReadOnlyList<InputColumn<T>>? given, int examples, int steps, int sliceRows)
    {
        // An array is read without calls through an interface, which take longer than a small model's sums.
        var all = given as InputColumn<T>[] ?? [.. given ?? []];
        if (all.Length != plans.Length)
        {
            throw new ArgumentException($"The entry has {plans.Length} inputs, but {all.Length} columns were given.");
        }

        for (var input = 0; input < plans.Length; input++)
        {
            Check(input, all[input], examples, plans[input].Steps ? steps : 1);
        }

        if (arranged != (examples, steps, sliceRows))
        {
            Arrange(examples, steps, sliceRows);
        }

        columns = all;
    }

    /// <summary>Copies what the slice that begins at an example reads. Slices may be copied side by side.</summary>
    public void CopySlice(int first)
    {
        for (var input = 0; input < columns.Length; input++)
        {
            ref readonly var layout = ref layouts[input];
            ref readonly var column = ref columns[input];
            if (column.IsIndex)
            {
                layout.ArrangeSlice(column.Indices.Span, MemoryMarshal.CreateSpan(ref *Indices[input], layout.Length), first);
            }
            else
            {
                layout.ArrangeSlice(column.Reals.Span, MemoryMarshal.CreateSpan(ref *Reals[input], layout.Length), first);
            }
        }
    }

    /// <summary>Lets go of the caller's columns.</summary>
    public void Release() => columns = [];

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

    private void Check(int input, in InputColumn<T> column, int examples, int steps)
    {
        var plan = plans[input];
        if (column.IsIndex != plan.Classes > 0)
        {
            throw new ArgumentException(
                $"Input '{plan.Name}' needs {(plan.Classes > 0 ? "labels (int)" : "real numbers")}, not {(column.IsIndex ? "labels" : "real numbers")}.");
        }

        var needed = checked(examples * steps * sizes[input]);
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

    /// <summary>Lays out all columns for a size of batch; the next one is often of the same size.</summary>
    private void Arrange(int examples, int steps, int sliceRows)
    {
        arranged = default;
        for (var input = 0; input < plans.Length; input++)
        {
            var plan = plans[input];
            var layout = new SliceLayout(examples, plan.Steps ? steps : 1, sizes[input], sliceRows);
            layouts[input] = layout;
            if (plan.Classes > 0)
            {
                Grow(ref indices[input], layout.Length);
                Indices[input] = indices[input]!.Pointer;
            }
            else
            {
                Grow(ref reals[input], layout.Length);
                Reals[input] = reals[input]!.Pointer;
            }
        }

        arranged = (examples, steps, sliceRows);
    }

    private static void Grow<TElement>(ref AlignedBuffer<TElement>? buffer, int length)
        where TElement : unmanaged
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = new AlignedBuffer<TElement>(length);
        }
    }
}

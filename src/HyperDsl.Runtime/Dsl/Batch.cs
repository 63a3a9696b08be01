using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// Inputs of several examples, by the names of an entry's parameters. The data is not copied: it must not change while a call
/// runs.
/// </summary>
public sealed class Batch
{
    private readonly Dictionary<string, ReadOnlyMemory<float>> reals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<int>> indices = new(StringComparer.Ordinal);

    /// <summary>A batch without inputs yet.</summary>
    /// <param name="count">The number of examples, at least 1.</param>
    public Batch(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
    }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>Adds or replaces a real input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each row-major.</param>
    public Batch Add(string name, ReadOnlyMemory<float> values)
    {
        indices.Remove(name);
        reals[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a real input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each row-major.</param>
    public Batch Add(string name, float[] values) => Add(name, (ReadOnlyMemory<float>)values);

    /// <summary>Adds or replaces a label input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">One class an example.</param>
    public Batch Add(string name, ReadOnlyMemory<int> values)
    {
        reals.Remove(name);
        indices[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a label input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">One class an example.</param>
    public Batch Add(string name, int[] values) => Add(name, (ReadOnlyMemory<int>)values);

    /// <summary>The real values of an input.</summary>
    /// <exception cref="ArgumentException">The input is missing, of another kind, or has another number of values.</exception>
    internal ReadOnlyMemory<float> Real(InputPlan input)
    {
        if (!reals.TryGetValue(input.Name, out ReadOnlyMemory<float> values))
        {
            throw indices.ContainsKey(input.Name)
                ? new ArgumentException(
                    $"The input '{input.Name}' takes real numbers of shape {ShapeRules.Text(input.Shape)}, but the batch has labels (int) for it.")
                : Missing(input);
        }
        long expected = (long)Count * ShapeRules.Count(input.Shape);
        return values.Length == expected ? values : throw new ArgumentException(
            $"The input '{input.Name}' has shape {ShapeRules.Text(input.Shape)}, so a batch of {Count} holds {expected} numbers, "
            + $"but {values.Length} were given.");
    }

    /// <summary>The labels of an input.</summary>
    /// <exception cref="ArgumentException">The input is missing, of another kind, of another length, or a label is out of range.</exception>
    internal ReadOnlyMemory<int> Index(InputPlan input)
    {
        if (!indices.TryGetValue(input.Name, out ReadOnlyMemory<int> values))
        {
            throw reals.ContainsKey(input.Name)
                ? new ArgumentException($"The input '{input.Name}' takes labels (int), but the batch has real numbers for it.")
                : Missing(input);
        }
        if (values.Length != Count)
        {
            throw new ArgumentException(
                $"The input '{input.Name}' takes one label an example, {Count} in all, but {values.Length} were given.");
        }
        ReadOnlySpan<int> labels = values.Span;
        for (int example = 0; example < labels.Length; example++)
        {
            if ((uint)labels[example] >= (uint)input.Classes)
            {
                throw new ArgumentException(
                    $"Example {example} of the input '{input.Name}' is {labels[example]}, but there are {input.Classes} classes: "
                    + $"labels run from 0 to {input.Classes - 1}.");
            }
        }
        return values;
    }

    /// <exception cref="ArgumentException">The batch has an input that the entry does not have.</exception>
    internal void CheckNames(EntryPlan entry)
    {
        foreach (string name in reals.Keys)
        {
            CheckName(entry, name);
        }
        foreach (string name in indices.Keys)
        {
            CheckName(entry, name);
        }
    }

    private static void CheckName(EntryPlan entry, string name)
    {
        for (int i = 0; i < entry.Inputs.Count; i++)
        {
            if (entry.Inputs[i].Name == name)
            {
                return;
            }
        }
        throw new ArgumentException(
            $"The batch has an input '{name}', which '{entry.Name}' does not take. It takes: "
            + $"{string.Join(", ", entry.Inputs.Select(input => input.Name))}.");
    }

    private ArgumentException Missing(InputPlan input) => new(
        $"The batch has nothing for the input '{input.Name}'. It has: {string.Join(", ", reals.Keys.Concat(indices.Keys))}.");
}

using HyperDsl.Execution;

namespace HyperDsl;

/// <content>Whether a batch fits an entry.</content>
public sealed partial class Batch
{
    /// <exception cref="ArgumentException">A label is out of range.</exception>
    internal void CheckLabels(InputPlan input, ReadOnlySpan<int> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)input.Classes)
            {
                string place = input.Steps ? $"Step {i % Steps} of example {i / Steps}" : $"Example {i}";
                throw new ArgumentException(
                    $"{place} of the input '{input.Name}' is {labels[i]}, but there are {input.Classes} classes: "
                    + $"labels run from 0 to {input.Classes - 1}.");
            }
        }
    }

    /// <exception cref="ArgumentException">The batch has an input that the entry does not have.</exception>
    internal void CheckNames(EntryPlan entry)
    {
        if (fitting == (object)entry)
        {
            return;
        }
        foreach (string name in reals.Keys)
        {
            CheckName(entry, name);
        }
        foreach (string name in indices.Keys)
        {
            CheckName(entry, name);
        }
        fitting = entry;
    }

    /// <exception cref="ArgumentException">The state to continue lacks one of the entry's.</exception>
    internal void CheckState(EntryPlan entry)
    {
        if (State is null)
        {
            return;
        }
        if (entry.States.Count == 0)
        {
            throw new ArgumentException($"'{entry.Name}' scans no cell with states, so it cannot continue any.");
        }
        for (int i = 0; i < entry.States.Count; i++)
        {
            OutputPlan wanted = entry.States[i];
            if (!State.Names.Contains(wanted.Name) || !State.Shape(wanted.Name).SequenceEqual(wanted.Shape))
            {
                throw new ArgumentException(
                    $"'{entry.Name}' has the state '{wanted.Name}' of shape {ShapeRules.Text(wanted.Shape)}, which the state to continue "
                    + $"lacks; that is of another model and has {string.Join(", ", State.Names)}.");
            }
        }
    }

    /// <exception cref="ArgumentException">The input varies with time and the values do not, or the other way round.</exception>
    private void CheckSteps(InputPlan input)
    {
        if (input.Steps && !timed.Contains(input.Name))
        {
            throw new ArgumentException(
                $"The input '{input.Name}' has one value at each step of time, but was added without a number of steps. "
                + $"Write batch.Add(\"{input.Name}\", values, steps).");
        }
        if (!input.Steps && timed.Contains(input.Name))
        {
            throw new ArgumentException(
                $"The input '{input.Name}' is the same at every step of time, but was added with {Steps} steps. "
                + $"Write batch.Add(\"{input.Name}\", values), or mark the parameter [Steps].");
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
}

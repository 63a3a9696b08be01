using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// Inputs of several examples, by the names of an entry's parameters. The data is not copied: it must not change while a call
/// runs.
/// </summary>
public sealed partial class Batch
{
    private readonly Dictionary<string, ReadOnlyMemory<float>> reals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<int>> indices = new(StringComparer.Ordinal);
    private readonly HashSet<string> timed = new(StringComparer.Ordinal);

    /// <summary>The entry that was found to take all inputs, until another one is added.</summary>
    private EntryPlan? fitting;

    /// <summary>A batch without inputs yet.</summary>
    /// <param name="count">The number of examples, at least 1.</param>
    public Batch(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
    }

    /// <summary>Changes when an input or the states are replaced; values in the caller's arrays are not counted.</summary>
    internal long Version { get; private set; }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>The number of steps of the inputs that vary with time; 0 where none does.</summary>
    public int Steps { get; private set; }

    /// <summary>Adds or replaces a real input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each row-major.</param>
    public Batch Add(string name, ReadOnlyMemory<float> values)
    {
        Forget(name);
        reals[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a real input that varies with time.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each [step, shape], row-major.</param>
    /// <param name="steps">The number of steps; all inputs of a batch that vary with time have the same.</param>
    /// <exception cref="ArgumentException">Another input has another number of steps.</exception>
    public Batch Add(string name, ReadOnlyMemory<float> values, int steps)
    {
        SetSteps(name, steps);
        reals[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a real input that varies with time.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each [step, shape], row-major.</param>
    /// <param name="steps">The number of steps; all inputs of a batch that vary with time have the same.</param>
    /// <exception cref="ArgumentException">Another input has another number of steps.</exception>
    public Batch Add(string name, float[] values, int steps) => Add(name, (ReadOnlyMemory<float>)values, steps);

    /// <summary>Adds or replaces a label input that varies with time.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each one class a step.</param>
    /// <param name="steps">The number of steps; all inputs of a batch that vary with time have the same.</param>
    /// <exception cref="ArgumentException">Another input has another number of steps.</exception>
    public Batch Add(string name, ReadOnlyMemory<int> values, int steps)
    {
        SetSteps(name, steps);
        indices[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a label input that varies with time.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each one class a step.</param>
    /// <param name="steps">The number of steps; all inputs of a batch that vary with time have the same.</param>
    /// <exception cref="ArgumentException">Another input has another number of steps.</exception>
    public Batch Add(string name, int[] values, int steps) => Add(name, (ReadOnlyMemory<int>)values, steps);

    /// <summary>Adds or replaces a real input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">Examples one after the other, each row-major.</param>
    public Batch Add(string name, float[] values) => Add(name, (ReadOnlyMemory<float>)values);

    /// <summary>Adds or replaces a label input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">One class an example.</param>
    public Batch Add(string name, ReadOnlyMemory<int> values)
    {
        Forget(name);
        indices[name] = values;
        return this;
    }

    /// <summary>Adds or replaces a label input.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">One class an example.</param>
    public Batch Add(string name, int[] values) => Add(name, (ReadOnlyMemory<int>)values);

    /// <summary>
    /// Adds a real input of scalars that says which steps belong to sequences of different lengths: 1 up to a sequence's length, then 0. The
    /// second argument of <see cref="Cell.Scan"/> takes it. A mean over a sequence's own steps is
    /// <c>SumOverSteps(valid * x) / Maximum(SumOverSteps(valid), 1)</c>: without the bound a sequence of no steps makes 0 / 0.
    /// </summary>
    /// <param name="name">The parameter's name, of shape [] and marked <c>[Steps]</c>.</param>
    /// <param name="lengths">The number of steps of each example's sequence, from 0 to <paramref name="steps"/>.</param>
    /// <param name="steps">The number of steps of the batch.</param>
    /// <exception cref="ArgumentException">There is not one length an example, or another input has another number of steps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range.</exception>
    public Batch AddLengths(string name, ReadOnlySpan<int> lengths, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (lengths.Length != Count)
        {
            throw new ArgumentException($"A batch of {Count} examples has {Count} lengths, but {lengths.Length} were given for '{name}'.");
        }
        float[] valid = new float[checked(Count * steps)];
        for (int example = 0; example < Count; example++)
        {
            if ((uint)lengths[example] > (uint)steps)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[example], $"The sequence of example {example} has from 0 to {steps} steps.");
            }
            valid.AsSpan(example * steps, lengths[example]).Fill(1);
        }
        return Add(name, valid, steps);
    }

    /// <summary>The states that calls with this batch begin with, and leave.</summary>
    internal SequenceState? State { get; private set; }

    /// <summary>What receives watched values.</summary>
    internal Watched? Watched { get; private set; }

    /// <summary>Lets calls with this batch begin with the states of earlier ones, and leave theirs there.</summary>
    /// <param name="state">Made by <see cref="Model.NewState"/> for as many rows as the batch has examples.</param>
    /// <exception cref="ArgumentException">It has another number of rows.</exception>
    public Batch Continue(SequenceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Version++;
        State = state.Rows == Count ? state : throw new ArgumentException(
            $"The state is of {state.Rows} sequences, but the batch has {Count} examples. Make one by model.NewState({Count}).");
        return this;
    }

    /// <summary>Asks for the values that the model names with <see cref="TensorMath.Watch"/>.</summary>
    /// <param name="watched">
    /// Receives them at every call with this batch; null to ask no longer, so that later calls run the code that watches nothing.
    /// </param>
    public Batch Watch(Watched? watched)
    {
        Watched = watched;
        return this;
    }

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
        CheckSteps(input);
        long expected = (long)Count * Repeated(input) * ShapeRules.Count(input.Shape);
        return values.Length == expected ? values : throw new ArgumentException(
            $"The input '{input.Name}' has shape {ShapeRules.Text(input.Shape)}, so a batch of {Count}{StepsInWords(input)} holds {expected} numbers, "
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
        CheckSteps(input);
        long expected = (long)Count * Repeated(input);
        if (values.Length != expected)
        {
            throw new ArgumentException(
                $"The input '{input.Name}' takes one label {(input.Steps ? "a step of each" : "an")} example, {expected} in all, but "
                + $"{values.Length} were given.");
        }
        CheckLabels(input, values.Span);
        return values;
    }

    /// <summary>
    /// The inputs of one entry, from the same states but without leaving any: what is continued goes on as if the entry had not been called.
    /// </summary>
    /// <exception cref="ArgumentException">An input is missing or does not fit.</exception>
    internal Batch InputsOf(EntryPlan entry)
    {
        Batch inputs = new(Count);
        foreach (InputPlan input in entry.Inputs)
        {
            _ = (input.Classes > 0, input.Steps) switch
            {
                (true, true) => inputs.Add(input.Name, Index(input), Steps),
                (true, false) => inputs.Add(input.Name, Index(input)),
                (false, true) => inputs.Add(input.Name, Real(input), Steps),
                (false, false) => inputs.Add(input.Name, Real(input)),
            };
        }
        return State is null || entry.States.Count == 0 ? inputs : inputs.Continue(State.Copy());
    }

    private int Repeated(InputPlan input) => input.Steps ? Steps : 1;

    private string StepsInWords(InputPlan input) => input.Steps ? $" with {Steps} steps" : "";

    private void Forget(string name)
    {
        fitting = null;
        Version++;
        reals.Remove(name);
        indices.Remove(name);
        timed.Remove(name);
        Steps = timed.Count == 0 ? 0 : Steps;
    }

    private void SetSteps(string name, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Forget(name);
        if (Steps != 0 && Steps != steps)
        {
            throw new ArgumentException(
                $"The input '{name}' has {steps} steps, but the batch has inputs of {Steps} steps. All sequences of a batch have the same "
                + "number of steps.");
        }
        Steps = steps;
        timed.Add(name);
    }

    private ArgumentException Missing(InputPlan input) => new(
        $"The batch has nothing for the input '{input.Name}'. It has: {string.Join(", ", reals.Keys.Concat(indices.Keys))}.");
}

using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// The states of a model's cells for a batch of sequences, in the caller's hands: windows of a long text are trained one after the
/// other, text is generated step by step. Made by <see cref="Model.NewState"/>, given to a call by <see cref="Batch.Continue"/>: the call
/// begins with these states and leaves its last ones here. No gradient passes from one call to the one before (truncated
/// back-propagation through time).
/// </summary>
public sealed class SequenceState
{
    private readonly StateValues[] states;

    internal SequenceState(int rows, IReadOnlyList<OutputPlan> plans)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Rows = rows;
        states = [.. plans.Select(plan => new StateValues(plan, rows))];
        Names = [.. plans.Select(plan => plan.Name)];
        Reset();
    }

    /// <summary>The number of sequences.</summary>
    public int Rows { get; }

    /// <summary>Paths of the states, such as <c>lstm.h</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// The values of a state, [row, shape]; they count for rows where the state is not fresh. Ask again after every call: with a model on a device
    /// the values stay there, and are fetched when they are asked for. Asking counts as a change: the next call copies them to the device.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such state.</exception>
    public Span<float> Values(string name) => Get(name).Values;

    /// <summary>The shape of a state for one sequence.</summary>
    /// <exception cref="KeyNotFoundException">There is no such state.</exception>
    public IReadOnlyList<int> Shape(string name) => Get(name).Plan.Shape;

    /// <summary>Whether a sequence begins anew: all its states begin with the values that the cells declare.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool IsFresh(int row)
    {
        CheckRow(row);
        return Array.TrueForAll(states, state => state.Fresh[row] != 0);
    }

    /// <summary>Lets a sequence begin anew at the next call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void Reset(int row)
    {
        CheckRow(row);
        foreach (StateValues state in states)
        {
            state.Fresh[row] = 1;
        }
    }

    /// <summary>Lets all sequences begin anew at the next call.</summary>
    public void Reset()
    {
        foreach (StateValues state in states)
        {
            state.Fresh.AsSpan().Fill(1);
        }
    }

    /// <summary>Gives a sequence a state's value, so that the next call begins with it.</summary>
    /// <param name="name">The state's path.</param>
    /// <param name="row">The sequence.</param>
    /// <param name="values">Its value, row-major.</param>
    /// <exception cref="KeyNotFoundException">There is no such state.</exception>
    /// <exception cref="ArgumentException">The value has another number of elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void Set(string name, int row, ReadOnlySpan<float> values)
    {
        CheckRow(row);
        StateValues state = Get(name);
        if (values.Length != state.Size)
        {
            throw new ArgumentException(
                $"The state '{name}' has the shape {ShapeRules.Text(state.Plan.Shape)}, {state.Size} numbers, but {values.Length} were given.");
        }
        values.CopyTo(state.Values.AsSpan(row * state.Size, state.Size));
        state.Fresh[row] = 0;
    }

    /// <summary>Copies all states from another of the same model and number of rows.</summary>
    /// <exception cref="ArgumentException">The other has other states or another number of rows.</exception>
    public void CopyFrom(SequenceState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Rows != Rows || !other.Names.SequenceEqual(Names))
        {
            throw new ArgumentException(
                $"States are copied between those of one model and one number of rows: this has {Rows} rows of {string.Join(", ", Names)}, "
                + $"the other {other.Rows} of {string.Join(", ", other.Names)}.");
        }
        for (int i = 0; i < states.Length; i++)
        {
            other.states[i].Current.CopyTo(states[i].Values, 0);
            other.states[i].Fresh.CopyTo(states[i].Fresh, 0);
        }
    }

    /// <summary>Copies one sequence's states from those of another, of the same model.</summary>
    /// <param name="row">The sequence here.</param>
    /// <param name="other">Where to copy from.</param>
    /// <param name="otherRow">The sequence there.</param>
    /// <exception cref="KeyNotFoundException">The other lacks one of these states.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row, here or there.</exception>
    public void CopyRow(int row, SequenceState other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckRow(row);
        other.CheckRow(otherRow);
        foreach (StateValues state in states)
        {
            StateValues from = other.Get(state.Plan.Name);
            from.Current.AsSpan(otherRow * state.Size, state.Size).CopyTo(state.Values.AsSpan(row * state.Size));
            state.Fresh[row] = from.Fresh[otherRow];
        }
    }

    /// <summary>Another one with the same states.</summary>
    public SequenceState Copy()
    {
        var copy = new SequenceState(Rows, [.. states.Select(state => state.Plan)]);
        copy.CopyFrom(this);
        return copy;
    }

    /// <exception cref="KeyNotFoundException">There is no such state.</exception>
    internal StateValues Get(string name)
    {
        foreach (StateValues state in states)
        {
            if (state.Plan.Name == name)
            {
                return state;
            }
        }
        throw new KeyNotFoundException($"There is no state '{name}'. There are: {string.Join(", ", Names)}.");
    }

    /// <summary>Brings the host's values up to date, for somebody who only reads them.</summary>
    internal void RefreshOnHost()
    {
        foreach (StateValues state in states)
        {
            state.Host.Refresh();
        }
    }

    /// <summary>Brings the host's values up to date, for somebody who reads them and may change them.</summary>
    internal void UseOnHost()
    {
        foreach (StateValues state in states)
        {
            state.Host.Use();
        }
    }

    private void CheckRow(int row)
    {
        if ((uint)row >= (uint)Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"There are {Rows} rows, numbered from 0.");
        }
    }
}

/// <summary>One state of several sequences.</summary>
internal sealed class StateValues(OutputPlan plan, int rows)
{
    public OutputPlan Plan => plan;

    /// <summary>Elements of one sequence's state.</summary>
    public int Size { get; } = ShapeRules.Count(plan.Shape);

    /// <summary>Whether the host's values are those of the last call, or a device has newer ones.</summary>
    public HostCopy Host { get; } = new();

    /// <summary>[row, shape], as they were when the host last used them.</summary>
    public float[] Unrefreshed { get; } = new float[checked(rows * ShapeRules.Count(plan.Shape))];

    /// <summary>[row, shape], to be read only.</summary>
    public float[] Current
    {
        get
        {
            Host.Refresh();
            return Unrefreshed;
        }
    }

    /// <summary>[row, shape], for whoever may change them.</summary>
    public float[] Values
    {
        get
        {
            Host.Use();
            return Unrefreshed;
        }
    }

    /// <summary>For each row 1 where the state begins with what its cell declares, else 0.</summary>
    public float[] Fresh { get; } = new float[rows];
}

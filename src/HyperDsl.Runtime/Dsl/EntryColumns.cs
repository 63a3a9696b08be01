using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// What goes into an entry's routines and comes out of them, in their order: the entry's own inputs, then two for each state; the
/// prediction, then the states, then what is watched.
/// </summary>
internal sealed class EntryColumns
{
    private readonly EntryPlan plan;
    private readonly InputPlan[] inputs;
    private readonly InputColumn<float>[] columns;
    private readonly StateValues[] fresh;
    private readonly StateValues[] continued;
    private SequenceState? fitting;
    private Batch? known;
    private long knownVersion;

    public EntryColumns(EntryPlan plan)
    {
        this.plan = plan;
        inputs = [.. plan.Inputs];
        Plans =
        [
            .. plan.Inputs,
            .. plan.States.SelectMany(state => new[]
            {
                new InputPlan(state.Name + " is fresh", [], 0), new InputPlan(state.Name + " before", state.Shape, 0),
            }),
        ];
        columns = new InputColumn<float>[Plans.Count];
        fresh = [.. plan.States.Select(state => new StateValues(state, 0))];
        continued = new StateValues[fresh.Length];
    }

    /// <summary>All inputs of the entry's routines.</summary>
    public IReadOnlyList<InputPlan> Plans { get; }

    /// <summary>All outputs of a routine that gives watched values as well.</summary>
    public static IReadOnlyList<OutputPlan> Outputs(EntryPlan plan, IReadOnlyList<OutputPlan> watched) =>
    [
        .. plan.IsLoss ? Array.Empty<OutputPlan>() : [new OutputPlan(plan.Name, plan.OutputShape, plan.OutputSteps)],
        .. plan.States,
        .. watched,
    ];

    /// <summary>The columns of a batch; they are overwritten by the next call. States are those that the host used last.</summary>
    /// <exception cref="ArgumentException">The batch does not fit the entry.</exception>
    public InputColumn<float>[] Of(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch == known && batch.Version == knownVersion)
        {
            CheckLabels(batch);
            return columns;
        }
        known = null;
        Collect(batch);
        (known, knownVersion) = (batch, batch.Version);
        return columns;
    }

    private void Collect(Batch batch)
    {
        batch.CheckNames(plan);
        ReadOnlySpan<StateValues> states = Continued(batch);
        int next = 0;
        for (; next < inputs.Length; next++)
        {
            InputPlan input = inputs[next];
            columns[next] = input.Classes > 0
                ? new InputColumn<float>(batch.Index(input))
                : new InputColumn<float>(batch.Real(input));
        }
        for (int i = 0; i < fresh.Length; i++)
        {
            StateValues values = states.IsEmpty ? Fresh(i, batch.Count) : states[i];
            columns[next++] = new InputColumn<float>(values.Fresh);
            columns[next++] = new InputColumn<float>(values.Unrefreshed);
        }
    }

    /// <summary>Labels may be others than at the last call: the caller's arrays are the same, what they hold need not be.</summary>
    private void CheckLabels(Batch batch)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Classes > 0)
            {
                batch.CheckLabels(inputs[i], columns[i].Indices.Span);
            }
        }
    }

    /// <summary>The states that a batch continues, in the entry's order; none where it continues nothing.</summary>
    /// <exception cref="ArgumentException">They are not the entry's.</exception>
    public ReadOnlySpan<StateValues> Continued(Batch batch)
    {
        if (batch.State is not SequenceState state)
        {
            return [];
        }
        if (state != fitting)
        {
            batch.CheckState(plan);
            for (int i = 0; i < continued.Length; i++)
            {
                continued[i] = state.Get(plan.States[i].Name);
            }
            fitting = state;
        }
        return continued;
    }

    /// <summary>What a call begins with that continues nothing; the values are never read.</summary>
    private StateValues Fresh(int state, int rows)
    {
        if (fresh[state].Fresh.Length < rows)
        {
            fresh[state] = new StateValues(plan.States[state], rows);
            fresh[state].Fresh.AsSpan().Fill(1);
        }
        return fresh[state];
    }
}

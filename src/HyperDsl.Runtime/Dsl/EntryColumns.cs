using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// What goes into an entry's routines and comes out of them, in their order: the entry's own inputs, then two for each state; the
/// prediction, then the states, then what is watched.
/// </summary>
internal sealed class EntryColumns
{
    private readonly EntryPlan plan;
    private readonly InputColumn<float>[] columns;
    private readonly StateValues[] fresh;
    private SequenceState? fitting;

    public EntryColumns(EntryPlan plan)
    {
        this.plan = plan;
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
        batch.CheckNames(plan);
        if (batch.State != fitting)
        {
            batch.CheckState(plan);
            fitting = batch.State;
        }
        int next = 0;
        for (; next < plan.Inputs.Count; next++)
        {
            InputPlan input = plan.Inputs[next];
            columns[next] = input.Classes > 0
                ? new InputColumn<float>(batch.Index(input))
                : new InputColumn<float>(batch.Real(input));
        }
        for (int i = 0; i < plan.States.Count; i++)
        {
            StateValues values = batch.State?.Get(plan.States[i].Name) ?? Fresh(i, batch.Count);
            columns[next++] = new InputColumn<float>(values.Fresh);
            columns[next++] = new InputColumn<float>(values.Unrefreshed);
        }
        return columns;
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

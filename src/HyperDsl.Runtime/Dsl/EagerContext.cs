namespace HyperDsl;

/// <summary>What one eager evaluation of an entry carries along.</summary>
internal sealed class EagerContext(bool training, ulong randomKey, int? examples, int? steps, EagerStates? states = null) : IDisposable
{
    private readonly Dictionary<Weight, double[]> updates = [];
    private int sites;
    private bool left;

    /// <summary>Restores the evaluation around this one.</summary>
    public Action? Leave { get; set; }

    /// <summary>The states that scans begin with, where the evaluation goes on from an earlier one.</summary>
    public EagerStates? States { get; } = states;

    public bool Training { get; } = training;

    public ulong RandomKey { get; } = randomKey;

    public int? Examples { get; } = examples;

    /// <summary>The number of steps of the entry's sequences.</summary>
    public int? Steps { get; } = steps;

    /// <summary>The number of the first example's random masks: compiled code counts the examples of all steps of a scan.</summary>
    public int FirstMaskRow { get; private set; }

    /// <summary>How many random masks were drawn so far.</summary>
    public int Sites => sites;

    /// <summary>The number of the next random mask of the entry.</summary>
    public int NextSite() => sites++;

    /// <summary>Begins a step of a scan: its code is traced once, so masks have the same numbers at every step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="firstSite">The number of the first mask inside the step.</param>
    public void BeginStep(int step, int firstSite)
    {
        sites = firstSite;
        FirstMaskRow = step * (Examples ?? 1);
    }

    /// <summary>Ends the last step of a scan.</summary>
    public void EndSteps() => FirstMaskRow = 0;

    public void Defer(Weight weight, double[] values) => updates[weight] = values;

    public void Dispose()
    {
        if (left)
        {
            return;
        }
        left = true;
        Leave?.Invoke();
        if (!Training)
        {
            // As in compiled code: evaluation changes no weight.
            return;
        }
        foreach ((Weight weight, double[] values) in updates)
        {
            weight.SetValues(values);
        }
    }
}

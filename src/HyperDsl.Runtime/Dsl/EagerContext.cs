namespace HyperDsl;

/// <summary>What one eager evaluation of an entry carries along.</summary>
internal sealed class EagerContext(bool training, ulong randomKey, int? examples, Action leave) : IDisposable
{
    private readonly Dictionary<Weight, double[]> updates = [];
    private int sites;
    private bool left;

    public bool Training { get; } = training;

    public ulong RandomKey { get; } = randomKey;

    public int? Examples { get; } = examples;

    /// <summary>The number of the next random mask of the entry.</summary>
    public int NextSite() => sites++;

    public void Defer(Weight weight, double[] values) => updates[weight] = values;

    public void Dispose()
    {
        if (left)
        {
            return;
        }
        left = true;
        leave();
        foreach ((Weight weight, double[] values) in updates)
        {
            weight.SetValues(values);
        }
    }
}

using HyperDsl.Execution;

namespace HyperDsl;

/// <summary>
/// Receives the values that a model names with <see cref="TensorMath.Watch"/>: asked for by <see cref="Batch.Watch"/>, filled by every
/// call with that batch. Calls that ask for nothing compute and store nothing for it.
/// </summary>
public sealed class Watched
{
    private readonly Dictionary<string, WatchedValue> values = new(StringComparer.Ordinal);

    /// <summary>Paths of the watched values, such as <c>lstm.scaling</c>; empty before the first call.</summary>
    public IReadOnlyCollection<string> Names => values.Keys;

    /// <summary>A watched value, as the last call left it.</summary>
    /// <exception cref="KeyNotFoundException">The last call watched none of that name.</exception>
    public WatchedValue this[string name] => values.TryGetValue(name, out WatchedValue? found) ? found : throw new KeyNotFoundException(
        values.Count == 0
            ? $"'{name}' was not watched: no call was made yet with a batch that asks for it. Write batch.Watch(watched)."
            : $"No value is watched as '{name}'. There are: {string.Join(", ", values.Keys)}.");

    /// <summary>Room for the values of one call; what an entry watched before is forgotten.</summary>
    internal WatchedValue Room(OutputPlan plan, int examples, int steps)
    {
        if (!values.TryGetValue(plan.Name, out WatchedValue? value) || !value.Fits(plan, examples, steps))
        {
            value = new WatchedValue(plan, examples, steps);
            values[plan.Name] = value;
        }
        return value;
    }

    internal void Keep(IReadOnlyList<OutputPlan> plans)
    {
        foreach (string name in values.Keys.Except(plans.Select(plan => plan.Name)).ToArray())
        {
            values.Remove(name);
        }
    }
}

/// <summary>A value that was watched during one call.</summary>
public sealed class WatchedValue
{
    private readonly float[] values;
    private readonly int size;

    internal WatchedValue(OutputPlan plan, int examples, int steps)
    {
        (Name, Shape, Examples) = (plan.Name, plan.Shape, examples);
        Steps = plan.Steps ? steps : 0;
        size = ShapeRules.Count(plan.Shape);
        values = new float[checked(examples * Math.Max(1, Steps) * size)];
    }

    /// <summary>The path of the network that names it, and its name.</summary>
    public string Name { get; }

    /// <summary>Its shape for one example at one step.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of examples.</summary>
    public int Examples { get; }

    /// <summary>The number of steps; 0 where it does not vary with time.</summary>
    public int Steps { get; }

    /// <summary>All values, [example, shape], or [example, step, shape] where it varies with time.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The value of one example, at one step where it varies with time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example or step.</exception>
    public ReadOnlySpan<float> At(int example, int step = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, Examples);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Math.Max(1, Steps));
        return values.AsSpan(((example * Math.Max(1, Steps)) + step) * size, size);
    }

    internal Memory<float> Memory => values;

    internal bool Fits(OutputPlan plan, int examples, int steps) =>
        examples == Examples && (plan.Steps ? steps : 0) == Steps && plan.Shape.SequenceEqual(Shape);
}

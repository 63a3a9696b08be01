namespace HyperDsl.Models;

/// <summary>The weights of a network by their names within it.</summary>
/// <param name="all">All weights of the model.</param>
/// <param name="path">The network's name in the model.</param>
internal sealed class WrittenWeights(IReadOnlyDictionary<string, double[]> all, string path)
{
    public double[] this[string name] => all[$"{path}.{name}"];

    /// <summary>Those of a network inside.</summary>
    public WrittenWeights Of(string name) => new(all, $"{path}.{name}");

    /// <summary>One of the equal parts into which a weight falls along its first axis.</summary>
    public double[] Part(string name, int part, int parts)
    {
        double[] whole = this[name];
        int size = whole.Length / parts;
        return whole[(part * size)..((part + 1) * size)];
    }

    /// <summary>A model's weights as they are.</summary>
    public static WrittenWeights Of(CellModel model) => new(
        model.Parameters.Parameters.ToDictionary(
            plan => plan.Name,
            plan => Closeness.Widened(model.Parameters.ReadOnlyValues.Slice(
                plan.Offset, plan.Shape.Aggregate(1, (product, length) => product * length)))),
        "cell");
}

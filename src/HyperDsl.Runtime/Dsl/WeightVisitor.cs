using System.Globalization;

namespace HyperDsl;

/// <summary>
/// Walks through networks and names their weights by the path of fields that leads to them, such as
/// <c>blocks.0.generator.kernel</c>. A weight or network that two paths lead to keeps the first. States of cells are met on the
/// same walk.
/// </summary>
[HyperLibrary]
public sealed class WeightVisitor
{
    private readonly List<KeyValuePair<string, Weight>> found = [];
    private readonly List<StateField> states = [];
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<INetwork, string> networks = new(ReferenceEqualityComparer.Instance);
    private string prefix = "";

    /// <summary>Names and weights in the order they were met.</summary>
    public IReadOnlyList<KeyValuePair<string, Weight>> Weights => found;

    /// <summary>Fields marked <c>[State]</c> in the order they were met.</summary>
    internal IReadOnlyList<StateField> States => states;

    /// <summary>Paths of the networks that were met; that of the network walked through is empty.</summary>
    internal IReadOnlyDictionary<INetwork, string> Networks => networks;

    /// <summary>Walks through a network.</summary>
    public static WeightVisitor Walk(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        WeightVisitor visitor = new();
        visitor.seen.Add(network);
        visitor.networks.Add(network, "");
        network.VisitWeights(visitor);
        return visitor;
    }

    /// <summary>A weight field.</summary>
    public void Visit(string name, Weight? weight)
    {
        if (weight is not null && seen.Add(weight))
        {
            found.Add(new(prefix + name, weight));
        }
    }

    /// <summary>A network field.</summary>
    public void Visit(string name, INetwork? network)
    {
        if (network is not null && seen.Add(network))
        {
            string outer = prefix;
            networks.Add(network, outer + name);
            prefix = outer + name + ".";
            network.VisitWeights(this);
            prefix = outer;
        }
    }

    /// <summary>A field that holds several weights; they are numbered from 0.</summary>
    public void Visit(string name, IEnumerable<Weight?>? weights)
    {
        int index = 0;
        foreach (Weight? weight in weights ?? [])
        {
            Visit(Numbered(name, index++), weight);
        }
    }

    /// <summary>A field that holds several networks; they are numbered from 0.</summary>
    public void Visit(string name, IEnumerable<INetwork?>? networks)
    {
        int index = 0;
        foreach (INetwork? network in networks ?? [])
        {
            Visit(Numbered(name, index++), network);
        }
    }

    /// <summary>A field marked <c>[State]</c>; one that begins with a weight holds that weight.</summary>
    public void VisitState(string name, Func<Tensor?> read, Action<Tensor> write)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(write);
        states.Add(new StateField(prefix + name, read, write));
        Visit(name, read() as Weight);
    }

    private static string Numbered(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");
}

using HyperDsl.Cpu;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Compiled.Tests;

/// <summary>A graph with all parameters and inputs there are, whether or not the graph uses them.</summary>
internal sealed record TestModel(Graph Graph, EquatableArray<Parameter> Parameters, EquatableArray<InputLeaf> Inputs)
{
    private const int Alignment = 16;

    /// <summary>The parameters and inputs that a graph names; places that it leaves out get a scalar.</summary>
    public static TestModel Of(Graph graph)
    {
        Operation[] leaves = graph.Nodes.Select(node => node.Operation).Where(operation => operation is Leaf).ToArray();
        return new TestModel(
            graph,
            Table(Filled(leaves.OfType<ParameterLeaf>(), leaf => leaf.Index, index => new ParameterLeaf(index, Shape.Scalar, true))),
            Filled(leaves.OfType<InputLeaf>(), leaf => leaf.Index, index => new InputLeaf(index, Shape.Scalar, 0)).ToEquatable());
    }

    public static EquatableArray<Parameter> Table(IEnumerable<ParameterLeaf> leaves)
    {
        List<Parameter> table = [];
        int offset = 0;
        foreach (ParameterLeaf leaf in leaves)
        {
            table.Add(new Parameter("p" + table.Count, leaf.Sizes, offset, leaf.Trained));
            offset += (leaf.Sizes.Count + Alignment - 1) / Alignment * Alignment;
        }
        return table.ToEquatable();
    }

    /// <summary>The graph as the compiler differentiates it: simplified and reordered first.</summary>
    public Graph Differentiated() => Graph.Results.Any(result => result.Kind == ResultKind.Loss)
        ? Differentiate.Run(Prepared(Graph), Parameters, CancellationToken.None)
        : Prepared(Graph);

    /// <summary>The graph that says what is to be computed: differentiated as it stands.</summary>
    public Graph Meaning() => Graph.Results.Any(result => result.Kind == ResultKind.Loss)
        ? Differentiate.Run(Graph, Parameters, CancellationToken.None)
        : Graph;

    /// <summary>Fixed elements of a leaf, between -1 and 1 and exact in single precision.</summary>
    public static double[] Leaf(Node node, int example) => node.Operation switch
    {
        InputLeaf { Classes: > 0 } label => [(example * 7 + label.Index) % label.Classes],
        InputLeaf input => Numbers(1, input.Index, example, node.Shape.Count),
        ParameterLeaf parameter => Numbers(2, parameter.Index, 0, node.Shape.Count),
        KeepMask mask => Enumerable.Range(0, node.Shape.Count)
            .Select(i => CounterRandom.KeepMask(RandomKey, (uint)mask.Site, (uint)example, (uint)i, mask.Keep)).ToArray(),
        _ => throw new InvalidOperationException(node.Operation.Name),
    };

    public const ulong RandomKey = 77;

    private static Graph Prepared(Graph graph) =>
        Reassociate.Run(Simplify.Run(graph, CancellationToken.None), CancellationToken.None);

    private static List<T> Filled<T>(IEnumerable<T> leaves, Func<T, int> indexOf, Func<int, T> other)
    {
        Dictionary<int, T> known = leaves.Distinct().ToDictionary(indexOf);
        return Enumerable.Range(0, known.Keys.DefaultIfEmpty(-1).Max() + 1)
            .Select(index => known.TryGetValue(index, out T? leaf) ? leaf : other(index)).ToList();
    }

    private static double[] Numbers(int kind, int index, int example, int count)
    {
        Random random = new((kind * 1000003) + (index * 7919) + example);
        return Enumerable.Range(0, count).Select(_ => (double)(float)((random.NextDouble() * 2) - 1)).ToArray();
    }
}

using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>A prediction split where it begins to depend on the batch.</summary>
/// <param name="Parameters">What the deployed model stores.</param>
/// <param name="Generate">Computes those from the model's own parameters.</param>
/// <param name="Predict">The prediction from those.</param>
internal sealed record BakedGraphs(EquatableArray<Parameter> Parameters, Graph Generate, Graph Predict);

/// <summary>
/// Splits a prediction into what depends on parameters only (the generators of weights) and the rest, which a deployed model
/// computes from stored kernels.
/// </summary>
internal static class Bake
{
    /// <returns><c>null</c> where no weight is generated, so that nothing would be gained.</returns>
    public static BakedGraphs? Run(Graph graph, EquatableArray<Parameter> parameters)
    {
        int[] stored = StoredNodes(graph);
        if (!stored.Any(node => graph[node].Operation is not ParameterLeaf))
        {
            return null;
        }
        List<Parameter> table = [];
        List<Result> results = [];
        Dictionary<int, ParameterLeaf> leaves = [];
        HashSet<string> taken = [.. stored.Select(id => graph[id].Operation).OfType<ParameterLeaf>().Select(leaf => parameters[leaf.Index].Name)];
        UniqueNames names = new();
        int offset = 0;
        foreach (int id in stored)
        {
            Node node = graph[id];
            string name = node.Operation is ParameterLeaf leaf
                ? parameters[leaf.Index].Name
                : Free(names, taken, node.Name.Length > 0 ? node.Name : "generated");
            leaves[id] = new ParameterLeaf(table.Count, node.Shape, Trained: false);
            results.Add(new Result(ResultKind.Baked, name, offset, id));
            table.Add(new Parameter(name, node.Shape, offset, Trained: false));
            offset = checked(offset + BufferLayout.Aligned(node.Shape.Count));
        }
        Graph generate = GraphRewriter.Rewrite(graph with { Results = results.ToEquatable() }, (_, _, _) => null);
        Graph predict = GraphRewriter.Rewrite(graph, (builder, node, _) =>
            leaves.TryGetValue(node.Id, out ParameterLeaf? leaf) ? builder.Add(leaf, table[leaf.Index].Name) : null);
        return new BakedGraphs(table.ToEquatable(), generate, predict);
    }

    /// <summary>A name for a generated value beside the stored parameters, which keep theirs.</summary>
    private static string Free(UniqueNames names, HashSet<string> taken, string name)
    {
        string free;
        do
        {
            free = names.Next(name);
        }
        while (taken.Contains(free));
        return free;
    }

    /// <summary>
    /// The last values before the batch comes in, in order: not views (they cost nothing to repeat), not constants.
    /// </summary>
    private static int[] StoredNodes(Graph graph)
    {
        HashSet<int> stored = [];
        bool[] ofRunTime = RunTimeValues.Of(graph);
        bool[] needed = new bool[graph.Nodes.Count];
        foreach (Result result in graph.Results)
        {
            needed[result.Node] = true;
        }
        for (int id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            Node node = graph[id];
            if (!needed[id])
            {
                continue;
            }
            bool ends = !ofRunTime[id] && !View.IsViewing(node.Operation) && node.Operation is not Constant;
            if (ends)
            {
                stored.Add(id);
                continue;
            }
            foreach (int input in node.Inputs)
            {
                needed[input] = true;
            }
        }
        return stored.OrderBy(id => id).ToArray();
    }
}

namespace HyperDsl.Generator.Ir;

/// <summary>Rebuilds a graph node by node through a <see cref="GraphBuilder"/>; what most passes are made of.</summary>
internal static class GraphRewriter
{
    /// <param name="graph">The graph to rebuild.</param>
    /// <param name="rewrite">
    /// Gives the new value for a node from its already rebuilt inputs, or <c>null</c> to copy the node as it is.
    /// </param>
    public static Graph Rewrite(Graph graph, Func<GraphBuilder, Node, Value[], Value?> rewrite)
    {
        GraphBuilder builder = new();
        Value[] rebuilt = Rebuild(builder, graph, rewrite);
        return Finish(builder, graph, rebuilt);
    }

    /// <summary>The rebuilt graph, with the results of the old one.</summary>
    /// <param name="builder">Holds the new nodes.</param>
    /// <param name="graph">The old graph.</param>
    /// <param name="rebuilt">For each old node, what it became.</param>
    public static Graph Finish(GraphBuilder builder, Graph graph, Value[] rebuilt) =>
        builder.Build(graph.Results.Select(result => result with { Node = rebuilt[result.Node].Id }));

    public static Value[] Rebuild(GraphBuilder builder, Graph graph, Func<GraphBuilder, Node, Value[], Value?> rewrite)
    {
        Value[] rebuilt = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            Value[] inputs = node.Inputs.Select(input => rebuilt[input]).ToArray();
            Value value = rewrite(builder, node, inputs) ?? builder.Add(node.Operation, node.Name, inputs);
            if (node.Name.Length > 0)
            {
                builder.Rename(value, node.Name);
            }
            rebuilt[node.Id] = value;
        }
        return rebuilt;
    }
}

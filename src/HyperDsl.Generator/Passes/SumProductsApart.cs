using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// A weight that a step of a scan applies twice, or in parts, has a sum of products for its gradient at each step. Behind the scan its sum
/// over steps and examples becomes a sum of such sums, <c>Σ (x + y) = Σ x + Σ y</c>: each joins its product and is one matrix product, where
/// a sum of products is a matrix for every example and step.
/// </summary>
internal static class SumProductsApart
{
    /// <param name="graph">A graph whose scans hold only what connects their steps (<see cref="HoistFromScan"/>).</param>
    /// <param name="token">Cancels the pass.</param>
    public static Graph Run(Graph graph, CancellationToken token)
    {
        if (!graph.Nodes.Any(node => node.Operation is Scan))
        {
            return graph;
        }
        int[] uses = graph.CountUses();
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            values[node.Id] = node.Operation is SumOverExamples && IsMadeOfProducts(graph, uses, node.Inputs[0])
                ? Apart(graph, builder, values, graph[node.Inputs[0]])
                : builder.Add(node.Operation, node.Name, node.Inputs.Select(input => values[input]).ToArray());
            if (node.Name.Length > 0)
            {
                builder.Rename(values[node.Id], node.Name);
            }
        }
        return GraphRewriter.Finish(builder, graph, values);
    }

    /// <summary>Whether products are all that a value is made of, and nobody else reads them or what becomes of them.</summary>
    private static bool IsMadeOfProducts(Graph graph, int[] uses, int id)
    {
        Node node = graph[id];
        return uses[id] == 1 && (IsProduct(node) || (IsLinear(node) && node.Inputs.All(input => IsMadeOfProducts(graph, uses, input))));
    }

    private static bool IsProduct(Node node) => node.Operation is Contract or ConvolveKernelGradient or ScatterRow;

    private static bool IsLinear(Node node) =>
        node.Operation is Add or Concat or Pad { Number: 0 } || View.IsViewing(node.Operation);

    private static Value Apart(Graph graph, GraphBuilder builder, Value[] values, Node node)
    {
        if (IsProduct(node) || node.Operation is EachStep)
        {
            return builder.Add(new SumOverExamples(), values[node.Id]);
        }
        return builder.Add(node.Operation, node.Inputs.Select(input => IsOfOneStep(graph[input]) && !IsOfOneStep(node)
            // What does not vary with time is still added at each step.
            ? builder.Add(new SumOverExamples(), builder.Add(new EachStep(), values[input]))
            : Apart(graph, builder, values, graph[input])).ToArray());
    }

    private static bool IsOfOneStep(Node node) => (node.Varies & Varies.Time) == 0;
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Leaves in a scan only what connects its steps. What does not depend on a state moves before it, for all steps at once: input
/// products become one matrix product. What no state depends on moves behind it: gradients of weights become one product over
/// steps and examples.
/// </summary>
internal static class HoistFromScan
{
    /// <param name="graph">A graph whose scans are whole.</param>
    /// <param name="token">Cancels the pass.</param>
    /// <param name="costs">Those of the machine that it is for.</param>
    public static Graph Run(Graph graph, CancellationToken token, LoopCosts costs)
    {
        if (!graph.Nodes.Any(node => node.Operation is Scan))
        {
            return graph;
        }
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        Dictionary<int, Value?[]> results = [];
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            Value[] inputs = node.Inputs.Select(input => values[input]).ToArray();
            switch (node.Operation)
            {
                case Scan scan:
                    int[] used = graph.Nodes
                        .Where(reader => reader.Operation is ScanResult && reader.Inputs[0] == node.Id)
                        .Select(reader => ((ScanResult)reader.Operation).Index).Distinct().ToArray();
                    results[node.Id] = new ScanHoist(builder, scan, inputs, costs).Run(used);
                    values[node.Id] = new Value(0);
                    break;
                case ScanResult result:
                    values[node.Id] = results[node.Inputs[0]][result.Index]!.Value;
                    break;
                default:
                    values[node.Id] = builder.Add(node.Operation, node.Name, inputs);
                    break;
            }
            if (node.Name.Length > 0 && node.Operation is not Scan)
            {
                builder.Rename(values[node.Id], node.Name);
            }
        }
        return builder.Build(graph.Results.Select(result => result with { Node = values[result.Node].Id }));
    }
}

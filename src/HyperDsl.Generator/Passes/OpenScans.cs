using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Puts the bodies of scans into the graph around them, between markers of the loop: what a state is at a step, what a sequence
/// is at a step, what a step leaves. From here on a loop's values are nodes like any other.
/// </summary>
internal static class OpenScans
{
    public static Graph Run(Graph graph, CancellationToken token)
    {
        if (!graph.Nodes.Any(node => node.Operation is Scan))
        {
            return graph;
        }
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        Dictionary<int, Value[]> opened = [];
        int loops = 0;
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            Value[] inputs = node.Inputs.Select(input => values[input]).ToArray();
            switch (node.Operation)
            {
                case Scan scan:
                    opened[node.Id] = Open(builder, scan, inputs, ++loops);
                    values[node.Id] = new Value(0);
                    break;
                case ScanResult result:
                    values[node.Id] = opened[node.Inputs[0]][result.Index];
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

    private static Value[] Open(GraphBuilder builder, Scan scan, Value[] inputs, int loop)
    {
        Graph body = scan.Body;
        Value[] values = new Value[body.Nodes.Count];
        Value[] states = Enumerable.Range(0, scan.States).Select(state => builder.Add(
            new LoopState(loop, state, scan.FromLast), StateName(scan, state), inputs[state])).ToArray();
        foreach (Node node in body.Nodes)
        {
            values[node.Id] = node.Operation switch
            {
                BlockArgument argument when argument.Index < scan.States => states[argument.Index],
                BlockArgument argument when argument.Index < scan.States + scan.Sequences =>
                    builder.Add(new AtStep(loop), node.Name, inputs[argument.Index]),
                BlockArgument argument => Captured(builder, inputs[argument.Index]),
                KeepMask mask => builder.Add(mask with { Loop = loop }, node.Name),
                _ => builder.Add(node.Operation, node.Name, node.Inputs.Select(input => values[input]).ToArray()),
            };
        }
        Value[] results = new Value[body.Results.Count];
        for (int i = scan.States; i < results.Length; i++)
        {
            Node value = body[body.Results[i].Node];
            results[i] = builder.Add(new StepOutput(loop), value.Name, values[value.Id]);
        }
        for (int state = 0; state < scan.States; state++)
        {
            Value next = values[body.Results[state].Node];
            // What another state, or another view of this one, found would be overwritten by the next one.
            bool exchanged = next != states[state] && builder[RootOf(builder, next)].Operation is LoopState;
            results[state] = builder.Add(
                new NextState(loop, state), states[state], exchanged ? builder.Add(new Copy(), next) : next);
        }
        return results;
    }

    private static Value RootOf(GraphBuilder builder, Value value)
    {
        while (View.IsViewing(builder[value].Operation))
        {
            value = new Value(builder[value].Inputs[0]);
        }
        return value;
    }

    /// <summary>A mask that all steps share is stored before the loop: a fused program of a step would draw its own.</summary>
    private static Value Captured(GraphBuilder builder, Value value) =>
        builder[value].Operation is KeepMask ? builder.Add(new Copy(), builder[value].Name, value) : value;

    private static string StateName(Scan scan, int state)
    {
        string found = DifferentiateScan.StateArgument(scan, state)?.Name ?? "";
        return found.Length > 0 ? found : scan.Body.Results[state].Name;
    }
}

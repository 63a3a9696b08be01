using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Cuts before computing: where an elementwise result is only read in slices, the operation works on slices of its operands.
/// The gates of a cell, sums of products cut in four, then share one pass with what is made of them.
/// </summary>
internal static class SliceEarly
{
    public static Graph Run(Graph graph, CancellationToken token)
    {
        bool[] onlySliced = OnlySliced(graph);
        return GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            return node.Operation switch
            {
                Slice slice when onlySliced[node.Inputs[0]] => Cut(builder, slice, inputs[0], graph, node.Inputs[0], onlySliced),
                Scan scan => builder.Add(scan with { Body = Run(scan.Body, token) }, inputs),
                _ => null,
            };
        });
    }

    private static Value Cut(GraphBuilder builder, Slice slice, Value value, Graph graph, int original, bool[] onlySliced)
    {
        Node node = builder[value];
        if (!onlySliced[original] || node.Operation is not Elementwise || node.Inputs.Count != graph[original].Inputs.Count)
        {
            return builder.Add(slice, value);
        }
        Value[] operands = node.Inputs.Select((input, i) =>
            Cut(builder, slice, new Value(input), graph, graph[original].Inputs[i], onlySliced)).ToArray();
        return builder.Add(node.Operation, operands);
    }

    private static bool[] OnlySliced(Graph graph)
    {
        bool[] sliced = graph.Nodes.Select(node => node.Operation is Elementwise and not Copy).ToArray();
        foreach (Result result in graph.Results)
        {
            sliced[result.Node] = false;
        }
        // An operand of an operation that is cut is cut itself, so readers come first.
        for (int id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            Node reader = graph[id];
            foreach (int input in reader.Inputs)
            {
                sliced[input] &= reader.Operation is Slice || sliced[id];
            }
        }
        return sliced;
    }
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Cuts before computing: where an elementwise result is only read in slices, the operation works on slices of its operands.
/// The gates of a cell, sums of products cut in four, then share one pass with what is made of them.
/// </summary>
internal sealed class SliceEarly
{
    private readonly Graph graph;
    private readonly bool[] onlySliced;
    private readonly CancellationToken token;

    /// <summary>What has been cut: a value that is read twice, twice over in a chain, is cut once.</summary>
    private readonly Dictionary<(Slice Slice, Value Value, int Original), Value> done = [];

    private SliceEarly(Graph graph, CancellationToken token)
    {
        this.graph = graph;
        this.token = token;
        onlySliced = OnlySliced(graph);
    }

    public static Graph Run(Graph graph, CancellationToken token)
    {
        SliceEarly pass = new(graph, token);
        return GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            return node.Operation switch
            {
                Slice slice when pass.onlySliced[node.Inputs[0]] => pass.Cut(builder, slice, inputs[0], node.Inputs[0]),
                Scan scan => builder.Add(scan with { Body = Run(scan.Body, token) }, inputs),
                _ => null,
            };
        });
    }

    private Value Cut(GraphBuilder builder, Slice slice, Value value, int original)
    {
        if (done.TryGetValue((slice, value, original), out Value known))
        {
            return known;
        }
        token.ThrowIfCancellationRequested();
        Node node = builder[value];
        bool goesOn = onlySliced[original] && node.Operation is Elementwise && node.Inputs.Count == graph[original].Inputs.Count;
        Value cut = goesOn
            ? builder.Add(node.Operation, [.. node.Inputs.Select((input, i) => Cut(builder, slice, new Value(input), graph[original].Inputs[i]))])
            : builder.Add(slice, value);
        done.Add((slice, value, original), cut);
        return cut;
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

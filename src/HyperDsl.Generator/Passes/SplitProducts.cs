using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Inside of scans, a product with a concatenation of the state and the input becomes a sum of products, <c>W·(h; x) = W_h·h + W_x·x</c>,
/// so that <see cref="HoistFromScan"/> can take the input's for all steps at once.
/// </summary>
internal static class SplitProducts
{
    public static Graph Run(Graph graph, CancellationToken token) => graph.Nodes.Any(node => node.Operation is Scan)
        ? GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            return node.Operation is Scan scan ? builder.Add(scan with { Body = RunBody(scan) }, inputs) : null;
        })
        : graph;

    private static Graph RunBody(Scan scan)
    {
        bool[] bound = ScanHoist.BoundToStates(scan);
        return GraphRewriter.Rewrite(scan.Body, (builder, node, inputs) => node.Operation is Contract contract
            ? Split(scan.Body, builder, contract.Left, contract.Right, contract.Result, node.Inputs, inputs, bound)
                ?? Split(
                    scan.Body, builder, contract.Right, contract.Left, contract.Result,
                    new EquatableArray<int>([node.Inputs[1], node.Inputs[0]]), [inputs[1], inputs[0]], bound)
            : null);
    }

    /// <summary>The product cut where its right operand is concatenated, if some parts depend on a state and others do not.</summary>
    private static Value? Split(
        Graph body,
        GraphBuilder builder,
        EquatableArray<int> left,
        EquatableArray<int> right,
        EquatableArray<int> result,
        EquatableArray<int> original,
        Value[] inputs,
        bool[] bound)
    {
        Node joined = body[original[1]];
        if (joined.Operation is not Concat concat || result.Contains(right[concat.Axis])
            || bound[original[0]] || joined.Inputs.Select(part => bound[part]).Distinct().Count() < 2)
        {
            return null;
        }
        int axis = Array.IndexOf(left.ToArray(), right[concat.Axis]);
        Value[] parts = builder[inputs[1]].Operation is Concat
            ? [.. builder[inputs[1]].Inputs.Select(part => new Value(part))]
            : [];
        if (parts.Length != joined.Inputs.Count)
        {
            return null;
        }
        Value? sum = null;
        int start = 0;
        foreach (Value part in parts)
        {
            int length = builder[part].Shape[concat.Axis];
            Value product = Contraction.Build(
                builder, left, right, result, builder.Add(new Slice(axis, start, length), inputs[0]), part);
            sum = sum is Value before ? builder.Add(new Add(), before, product) : product;
            start += length;
        }
        return sum;
    }
}

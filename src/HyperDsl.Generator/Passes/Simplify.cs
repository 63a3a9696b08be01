using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Drops dead and repeated nodes and constants (the builder's own work) and moves sums over the examples towards the product
/// that makes them, where they become part of one kernel: <c>Σ reshape(x) = reshape(Σ x)</c>, <c>Σ c·x = c·Σ x</c> for a
/// <c>c</c> that does not vary.
/// </summary>
internal static class Simplify
{
    public static Graph Run(Graph graph, CancellationToken token) => GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
    {
        token.ThrowIfCancellationRequested();
        return node.Operation switch
        {
            SumOverExamples => SumOf(builder, inputs[0]),
            Add => JoinPads.Of(builder, builder.Add(node.Operation, inputs)),
            Scan scan => builder.Add(scan with { Body = Run(scan.Body, token) }, inputs),
            // The smaller sum first: lanes then hold [channels], not [height, width, channels].
            Sum when builder[inputs[0]].Operation is SumOverExamples =>
                SumOf(builder, builder.Add(node.Operation, new Value(builder[inputs[0]].Inputs[0]))),
            _ => null,
        };
    });

    private static Value SumOf(GraphBuilder builder, Value summand)
    {
        Node node = builder[summand];
        Value[] inputs = node.Inputs.Select(input => new Value(input)).ToArray();
        switch (node.Operation)
        {
            case Reshape or Transpose or Slice:
                return builder.Add(node.Operation, SumOf(builder, inputs[0]));
            case Pad { Number: 0 }:
                return builder.Add(node.Operation, SumOf(builder, inputs[0]));
            case Multiply when !VariesWithExample(builder, inputs[0]):
                return builder.Add(node.Operation, inputs[0], SumOf(builder, inputs[1]));
            case Multiply or Divide when !VariesWithExample(builder, inputs[1]):
                return builder.Add(node.Operation, SumOf(builder, inputs[0]), inputs[1]);
            case Broadcast:
                return builder.Add(node.Operation, SumOf(builder, inputs[0]));
            default:
                return builder.Add(new SumOverExamples(), summand);
        }
    }

    private static bool VariesWithExample(GraphBuilder builder, Value value) =>
        builder[value].VariesWithExample;
}

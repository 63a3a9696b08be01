using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Drops dead and repeated nodes and constants (the builder's own work) and moves sums over the examples towards the product
/// that makes them, where they become part of one kernel: <c>Σ reshape(x) = reshape(Σ x)</c>, <c>Σ c·x = c·Σ x</c> for a
/// <c>c</c> that does not vary, <c>Σ (x + y) = Σ x + Σ y</c> for products <c>x</c> and <c>y</c>.
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
            // A weight that a step applies twice, or in parts: sums over examples that each join their product, and no product of one example.
            case Add or Concat when inputs.All(input => IsProduct(builder, input)):
                return builder.Add(node.Operation, inputs.Select(input => SumOf(builder, EachStepOf(builder, input, node))).ToArray());
            default:
                return builder.Add(new SumOverExamples(), summand);
        }
    }

    /// <summary>A part of a sum over steps that does not vary with time is still added at each.</summary>
    private static Value EachStepOf(GraphBuilder builder, Value part, Node sum) =>
        (sum.Varies & Varies.Time) != 0 ? builder.Add(new EachStep(), part) : part;

    private static bool IsProduct(GraphBuilder builder, Value value)
    {
        Node node = builder[value];
        return node.Operation switch
        {
            Contract or ConvolveKernelGradient or ScatterRow => true,
            EachStep or Reshape or Transpose or Slice or Pad { Number: 0 } or Add or Concat =>
                node.Inputs.All(input => IsProduct(builder, new Value(input))),
            _ => false,
        };
    }

    private static bool VariesWithExample(GraphBuilder builder, Value value) =>
        builder[value].VariesWithExample;
}

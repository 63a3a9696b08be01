using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Elementwise work on a flattened value is done before it is flattened: <c>f(reshape(x), y) = reshape(f(x, reshape(y)))</c>. Gates that a
/// norm takes as [4, units] and products that come as [4 · units] then walk one shape and share a pass.
/// </summary>
internal static class ReshapeLate
{
    public static Graph Run(Graph graph, CancellationToken token) => GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
    {
        token.ThrowIfCancellationRequested();
        return node.Operation switch
        {
            Elementwise elementwise when Finer(builder, inputs, node.Shape) is Shape finer =>
                builder.Add(new Reshape(node.Shape), Apply(builder, elementwise, node.Name, inputs, finer)),
            Scan scan => builder.Add(scan with { Body = Run(scan.Body, token) }, inputs),
            _ => null,
        };
    });

    private static Value Apply(GraphBuilder builder, Elementwise elementwise, string name, Value[] inputs, Shape finer) => builder.Add(
        elementwise, name, inputs.Select(input => builder.Add(new Reshape(finer), input)).ToArray());

    /// <summary>The one shape of more axes that operands are flattened from; <c>null</c> if there is none or an operand cannot follow.</summary>
    private static Shape? Finer(GraphBuilder builder, Value[] inputs, Shape shape)
    {
        Shape? finer = null;
        foreach (Node input in inputs.Select(input => builder[input]))
        {
            // A repeated value and a mask have no storage to see under another shape.
            if ((input.Operation is Broadcast && builder.ConstantOf(input.Value) is null) || input.Operation is KeepMask)
            {
                return null;
            }
            if (input.Operation is Reshape)
            {
                Shape from = builder[new Value(input.Inputs[0])].Shape;
                if (!from.Refines(shape) || (finer is Shape other && other != from))
                {
                    return null;
                }
                finer = from;
            }
        }
        return finer;
    }
}

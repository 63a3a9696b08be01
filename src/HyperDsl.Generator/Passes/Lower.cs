using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Turns operations of the language into what the machine has kernels for: contractions into matrix products, convolutions
/// into padding and correlations, concatenations into buffers with several writers. Packing a weight becomes a node of its
/// own, and since it varies with nothing it runs once a step without anybody having to say so.
/// </summary>
internal static class Lower
{
    public static Graph Run(Graph graph, CancellationToken token)
    {
        GraphBuilder builder = new();
        int[] uses = graph.CountUses();
        Value[] values = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            // The sum over examples joins the kernel that makes the summand, unless somebody else reads the summand too.
            bool joins = node.Operation is SumOverExamples && uses[node.Inputs[0]] == 1
                && graph[node.Inputs[0]].Operation is Contract or ConvolveKernelGradient or ScatterRow or Sum;
            Node core = joins ? graph[node.Inputs[0]] : node;
            Value[] operands = core.Inputs.Select(input => values[input]).ToArray();
            values[node.Id] = LowerNode(builder, core.Operation, operands, joins)
                ?? builder.Add(node.Operation, node.Name, operands);
            if (node.Name.Length > 0)
            {
                builder.Rename(values[node.Id], node.Name);
            }
        }
        return GraphRewriter.Finish(builder, graph, values);
    }

    private static Value? LowerNode(GraphBuilder builder, Operation operation, Value[] operands, bool overExamples) =>
        operation switch
        {
            Contract contract => LowerContraction.Run(builder, contract, operands[0], operands[1], overExamples),
            Convolve convolve => LowerConvolution.Forward(builder, convolve, operands[0], operands[1]),
            ConvolveInputGradient convolve => LowerConvolution.InputGradient(builder, convolve, operands[0], operands[1]),
            ConvolveKernelGradient convolve =>
                LowerConvolution.KernelGradient(builder, convolve, operands[0], operands[1], overExamples),
            ScatterRow scatter when overExamples =>
                builder.Add(new ScatterRowOverExamples(scatter.Rows), operands[0], operands[1]),
            Sum sum => builder.Add(new Reduce(sum.Axes, overExamples), operands[0]),
            SumOverExamples => builder.Add(new Reduce(EquatableArray<int>.Empty, OverExamples: true), operands[0]),
            SumOverSteps => builder.Add(
                new Reduce(EquatableArray<int>.Empty, OverExamples: false, OverSteps: true), operands[0]),
            Max max => LowerMax(builder, max, operands[0]),
            Concat concat => LowerConcat(builder, concat, operands),
            Pad pad => LowerPad(builder, pad, operands[0]),
            _ => null,
        };

    /// <summary>A maximum runs along the last axes; others are moved there.</summary>
    private static Value LowerMax(GraphBuilder builder, Max max, Value operand)
    {
        int rank = builder[operand].Shape.Rank;
        int[] order = Enumerable.Range(0, rank).Where(axis => !max.Axes.Contains(axis)).Concat(max.Axes).ToArray();
        Value moved = builder.Add(new Transpose(new EquatableArray<int>(order)), operand);
        return builder.Add(new Max(Enumerable.Range(rank - max.Axes.Count, max.Axes.Count).ToEquatable()), moved);
    }

    private static Value LowerConcat(GraphBuilder builder, Concat concat, Value[] parts)
    {
        Shape shape = concat.InferShape(parts.Select(part => builder[part]).ToArray());
        List<EquatableArray<int>> starts = [];
        int position = 0;
        foreach (Value part in parts)
        {
            int[] start = new int[shape.Rank];
            start[concat.Axis] = position;
            position += builder[part].Shape[concat.Axis];
            starts.Add(new EquatableArray<int>(start));
        }
        EquatableArray<int> ones = Enumerable.Repeat(1, shape.Rank).ToEquatable();
        return builder.Add(
            new Assemble(shape, starts.ToEquatable(), parts.Select(_ => ones).ToEquatable(), 0), parts);
    }

    private static Value LowerPad(GraphBuilder builder, Pad pad, Value operand)
    {
        Shape shape = pad.InferShape([builder[operand]]);
        return Place(builder, operand, shape, pad.Before.ToArray(), Enumerable.Repeat(1, shape.Rank).ToArray(), pad.Number);
    }

    /// <summary>A value inside a larger one, with distances between its elements.</summary>
    internal static Value Place(GraphBuilder builder, Value part, Shape whole, int[] start, int[] step, double number) =>
        builder.Add(
            new Assemble(
                whole,
                new EquatableArray<EquatableArray<int>>(new EquatableArray<int>(start)),
                new EquatableArray<EquatableArray<int>>(new EquatableArray<int>(step)),
                number),
            NameAfter(builder, part, "padded"),
            part);

    /// <summary>A name for what becomes of a value: <c>image padded</c>; empty if the value has none.</summary>
    internal static string NameAfter(GraphBuilder builder, Value value, string suffix)
    {
        Node node = builder[value];
        while (node.Name.Length == 0 && View.IsViewing(node.Operation))
        {
            node = builder[node.Inputs[0]];
        }
        return node.Name.Length == 0 ? "" : node.Name + " " + suffix;
    }
}

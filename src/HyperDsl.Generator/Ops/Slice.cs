using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Neighbouring elements of one axis: from <paramref name="Start"/>, <paramref name="Length"/> of them.</summary>
internal sealed record Slice(int Axis, int Start, int Length) : Operation
{
    public override string Name => "slice";

    public override string Attributes =>
        "axis=" + Literal.Integer(Axis) + " start=" + Literal.Integer(Start) + " length=" + Literal.Integer(Length);

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape from = inputs[0].Shape;
        Axes.One("Slice", Axis, from);
        return Start >= 0 && Length > 0 && (long)Start + Length <= from[Axis]
            ? from.With(Axis, Length)
            : throw new ShapeException(
                $"'Slice' takes {Length} elements from {Start} of axis {Axis} of a value of shape {from}: "
                + $"it must take at least one and stay within the {from[Axis]} that are there.");
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        Node input = inputs[0];
        if (shape == input.Shape)
        {
            return input.Value;
        }
        if (graph.ConstantOf(input.Value) is double number)
        {
            return graph.Full(number, shape);
        }
        return input.Operation switch
        {
            Slice inner when inner.Axis == Axis =>
                graph.Add(inner with { Start = inner.Start + Start, Length = Length }, input.Input(0)),
            Concat concat when concat.Axis == Axis => WithinPart(graph, input),
            _ => null,
        };
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Shape from = graph[node.Input(0)].Shape;
        int[] before = new int[from.Rank];
        int[] after = new int[from.Rank];
        before[Axis] = Start;
        after[Axis] = from[Axis] - Start - Length;
        return [graph.Add(new Pad(before.ToEquatable(), after.ToEquatable(), 0), gradient)];
    }

    /// <summary>The slice of the one part it lies in, or <c>null</c>.</summary>
    private Value? WithinPart(GraphBuilder graph, Node concat)
    {
        int from = 0;
        foreach (int part in concat.Inputs)
        {
            int size = graph[part].Shape[Axis];
            if (Start >= from && Start + Length <= from + size)
            {
                return graph.Add(this with { Start = Start - from }, new Value(part));
            }
            from += size;
        }
        return null;
    }
}

/// <summary>The language's <c>Slice(x, axis, start, length)</c>.</summary>
internal sealed class SlicePrimitive : Primitive
{
    public override string Name => "slice";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value x = arguments.Tensor(0);
        int axis = Axes.One("Slice", arguments.Integer(1), graph[x].Shape);
        return graph.Add(new Slice(axis, arguments.Integer(2), arguments.Integer(3)), x);
    }
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// Repeats a value along new or unit axes to reach a shape; axes are aligned at the last, as in NumPy. It costs nothing: readers
/// use a stride of 0.
/// </summary>
internal sealed record Broadcast(Shape Sizes) : Operation
{
    public override string Name => "broadcast";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape from = inputs[0].Shape;
        bool fits = from.Rank <= Sizes.Rank;
        for (int axis = 1; fits && axis <= from.Rank; axis++)
        {
            int size = from[from.Rank - axis];
            fits = size == 1 || size == Sizes[Sizes.Rank - axis];
        }
        return fits ? Sizes : throw new ShapeException(
            $"a value of shape {from} cannot be repeated to shape {Sizes}: from the last axis on, sizes must be equal or 1.");
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs[0].Shape == shape ? new Value(inputs[0].Id)
        : inputs[0].Operation is Broadcast ? graph.Add(this, new Value(inputs[0].Inputs[0]))
        : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [Broadcasting.SumTo(graph, gradient, graph[node.Inputs[0]].Shape)];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

/// <summary>Aligning shapes, and its counterpart in the backward pass.</summary>
internal static class Broadcasting
{
    /// <summary>Repeats values to their common shape.</summary>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Value[] Align(GraphBuilder graph, string operation, params Value[] values)
    {
        int rank = values.Max(value => graph[value].Shape.Rank);
        int[] sizes = Enumerable.Repeat(1, rank).ToArray();
        foreach (Value value in values)
        {
            Shape shape = graph[value].Shape;
            for (int axis = 1; axis <= shape.Rank; axis++)
            {
                int size = shape[shape.Rank - axis];
                ref int common = ref sizes[rank - axis];
                if (size != 1 && common != 1 && size != common)
                {
                    throw new ShapeException(
                        $"'{operation}' combines {string.Join(" and ", values.Select(v => graph[v].Shape.ToString()))}: "
                        + $"counted from the last, axis {axis} is {common} on one side and {size} on the other. "
                        + "Sizes must be equal or 1.");
                }
                common = size == 1 ? common : size;
            }
        }
        Shape target = Shape.Of(sizes);
        return values.Select(value => graph.Add(new Broadcast(target), value)).ToArray();
    }

    /// <summary>Sums a gradient over the axes that were repeated.</summary>
    public static Value SumTo(GraphBuilder graph, Value gradient, Shape target)
    {
        Shape from = graph[gradient].Shape;
        if (from == target)
        {
            return gradient;
        }
        int added = from.Rank - target.Rank;
        List<int> axes = Enumerable.Range(0, added).ToList();
        for (int axis = 0; axis < target.Rank; axis++)
        {
            if (target[axis] == 1 && from[axis + added] != 1)
            {
                axes.Add(axis + added);
            }
        }
        return graph.Add(new Reshape(target), graph.Add(new Sum(axes.ToEquatable()), gradient));
    }
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Another order of the axes.</summary>
/// <param name="Order">For each axis of the result, the axis of the input it is.</param>
internal sealed record Transpose(EquatableArray<int> Order) : Operation
{
    public override string Name => "transpose";

    public override string Attributes => "order=[" + Order + "]";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape from = inputs[0].Shape;
        if (!Order.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, from.Rank)))
        {
            throw new ShapeException(
                $"'Transpose' reorders the axes of a value of shape {from} as [{Order}]: "
                + $"the order must name each axis from 0 to {from.Rank - 1} once.");
        }
        return Shape.Of(Order.Select(axis => from[axis]));
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        Node input = inputs[0];
        if (graph.ConstantOf(input.Value) is double number)
        {
            return graph.Full(number, shape);
        }
        if (input.Operation is Transpose inner)
        {
            return graph.Add(new Transpose(Order.Select(axis => inner.Order[axis]).ToEquatable()), input.Input(0));
        }
        // Moving axes of size 1 leaves the elements where they are.
        int[] moved = Order.Where(axis => input.Shape[axis] != 1).ToArray();
        return moved.SequenceEqual(moved.OrderBy(axis => axis)) ? graph.Add(new Reshape(shape), input.Value) : null;
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        int[] inverse = new int[Order.Count];
        for (int axis = 0; axis < inverse.Length; axis++)
        {
            inverse[Order[axis]] = axis;
        }
        return [graph.Add(new Transpose(inverse.ToEquatable()), gradient)];
    }
}

/// <summary>The language's <c>Transpose(x, order)</c>; an empty order reverses all axes.</summary>
internal sealed class TransposePrimitive : Primitive
{
    public override string Name => "transpose";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value x = arguments.Tensor(0);
        Shape shape = graph[x].Shape;
        int[] order = arguments.Integers(1).Select(axis => Axes.One("Transpose", axis, shape)).ToArray();
        return graph.Add(
            new Transpose(order.Length == 0 ? Enumerable.Range(0, shape.Rank).Reverse().ToEquatable() : order.ToEquatable()),
            x);
    }
}

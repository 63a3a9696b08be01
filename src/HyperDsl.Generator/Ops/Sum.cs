using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The sum over some axes, which vanish from the shape.</summary>
/// <param name="Axes">Axes in rising order.</param>
internal sealed record Sum(EquatableArray<int> Axes) : Operation
{
    public override string Name => "sum";

    public override string Attributes => "axes=[" + Axes + "]";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Ops.Axes.Many(Name, Axes, inputs[0].Shape);
        return inputs[0].Shape.Without(Axes);
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        if (Axes.Count == 0)
        {
            return new Value(inputs[0].Id);
        }
        if (shape.Count == inputs[0].Shape.Count)
        {
            return graph.Add(new Reshape(shape), new Value(inputs[0].Id));
        }
        return graph.ConstantOf(new Value(inputs[0].Id)) is double number
            ? graph.Full(number * (inputs[0].Shape.Count / shape.Count), shape)
            : null;
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Shape from = graph[node.Inputs[0]].Shape;
        EquatableArray<int> axes = Axes;
        Shape unit = Shape.Of(from.Sizes.Select((size, axis) => axes.Contains(axis) ? 1 : size));
        return [graph.Add(new Broadcast(from), graph.Add(new Reshape(unit), gradient))];
    }

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => inputs[0].Shape.Count;
}

/// <summary>The language's <c>Sum(x, axes, keep)</c>.</summary>
internal sealed class SumPrimitive : ReductionPrimitive
{
    public override string Name => "sum";

    protected override Operation Over(EquatableArray<int> axes) => new Sum(axes);
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The largest element along some axes, which vanish from the shape; NaN if any is. Equal maxima share the gradient.
/// </summary>
/// <param name="Axes">Axes in rising order.</param>
internal sealed record Max(EquatableArray<int> Axes) : Operation
{
    public override string Name => "max";

    public override string Attributes => "axes=[" + Axes + "]";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Ops.Axes.Many(Name, Axes, inputs[0].Shape);
        return inputs[0].Shape.Without(Axes);
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[0].Value) is double number ? graph.Full(number, shape)
        : shape.Count == inputs[0].Shape.Count ? graph.Add(new Reshape(shape), inputs[0].Value)
        : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value x = node.Input(0);
        Shape shape = graph[x].Shape;
        Value isLargest = graph.Add(new Equal(), x, Ops.Axes.Restore(graph, node.Value, Axes, shape));
        Value share = graph.Over(gradient, graph.Add(new Sum(Axes), isLargest));
        return [graph.Times(Ops.Axes.Restore(graph, share, Axes, shape), isLargest)];
    }

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => inputs[0].Shape.Count;
}

/// <summary>The language's <c>Max(x, axes, keep)</c>.</summary>
internal sealed class MaxPrimitive : ReductionPrimitive
{
    public override string Name => "max";

    protected override Operation Over(EquatableArray<int> axes) => new Max(axes);
}

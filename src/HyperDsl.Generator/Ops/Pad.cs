using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>A value with a border of one number.</summary>
/// <param name="Before">Elements added before the first, for each axis.</param>
/// <param name="After">Elements added after the last, for each axis.</param>
/// <param name="Number">What the border holds.</param>
internal sealed record Pad(EquatableArray<int> Before, EquatableArray<int> After, double Number) : Operation
{
    public override string Name => "pad";

    public override string Attributes =>
        "before=[" + Before + "] after=[" + After + "] number=" + Literal.Exact(Number);

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape from = inputs[0].Shape;
        if (Before.Count != from.Rank || After.Count != from.Rank || Before.Concat(After).Any(count => count < 0))
        {
            throw new ShapeException(
                $"'Pad' adds [{Before}] before and [{After}] after a value of shape {from}: "
                + $"each must give a number of elements, at least 0, for each of the {from.Rank} axes.");
        }
        return Shape.Of(from.Sizes.Select((size, axis) => Before[axis] + size + After[axis]));
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        shape == inputs[0].Shape ? inputs[0].Value
        : graph.ConstantOf(inputs[0].Value) is double number && number.Equals(Number) ? graph.Full(Number, shape)
        : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Shape from = graph[node.Input(0)].Shape;
        for (int axis = 0; axis < from.Rank; axis++)
        {
            gradient = graph.Add(new Slice(axis, Before[axis], from[axis]), gradient);
        }
        return [gradient];
    }
}

/// <summary>The language's <c>Pad(x, before, after, value)</c>.</summary>
internal sealed class PadPrimitive : Primitive
{
    public override string Name => "pad";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) => graph.Add(
        new Pad(arguments.Integers(1).ToEquatable(), arguments.Integers(2).ToEquatable(), arguments.Real(3)),
        arguments.Tensor(0));
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Values one after another along an axis.</summary>
internal sealed record Concat(int Axis) : Operation
{
    public override string Name => "concat";

    public override string Attributes => "axis=" + Literal.Integer(Axis);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        if (inputs.Count == 0)
        {
            throw new ShapeException("'Concat' needs at least one part.");
        }
        Shape first = inputs[0].Shape;
        Axes.One("Concat", Axis, first);
        foreach (Node input in inputs)
        {
            if (input.Shape.Rank != first.Rank || input.Shape.With(Axis, first[Axis]) != first)
            {
                throw new ShapeException(
                    $"'Concat' joins {first} and {input.Shape} along axis {Axis}: all other axes must have equal sizes.");
            }
        }
        return first.With(Axis, inputs.Sum(input => input.Shape[Axis]));
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        if (inputs.Count == 1)
        {
            return inputs[0].Value;
        }
        double? first = graph.ConstantOf(inputs[0].Value);
        return first is double number && inputs.All(input => graph.ConstantOf(input.Value)?.Equals(number) == true)
            ? graph.Full(number, shape)
            : null;
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value?[] parts = new Value?[node.Inputs.Count];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int length = graph[node.Inputs[i]].Shape[Axis];
            parts[i] = graph.Add(new Slice(Axis, start, length), gradient);
            start += length;
        }
        return parts;
    }
}

/// <summary>The language's <c>Concat(axis, parts)</c>.</summary>
internal sealed class ConcatPrimitive : Primitive
{
    public override string Name => "concat";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value[] parts = arguments.Tensors(1);
        int axis = arguments.Integer(0);
        return graph.Add(new Concat(parts.Length == 0 ? axis : Axes.One("Concat", axis, graph[parts[0]].Shape)), parts);
    }
}

/// <summary>The language's <c>Stack(axis, parts)</c>: the parts along a new axis.</summary>
internal sealed class StackPrimitive : Primitive
{
    public override string Name => "stack";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value[] parts = arguments.Tensors(1);
        if (parts.Length == 0)
        {
            throw new ShapeException("'Stack' needs at least one part.");
        }
        Shape part = graph[parts[0]].Shape;
        foreach (Value other in parts)
        {
            if (graph[other].Shape != part)
            {
                throw new ShapeException($"'Stack' joins {part} and {graph[other].Shape}: the parts must have equal shapes.");
            }
        }
        int axis = Axes.One("Stack", arguments.Integer(0), Shape.Of(part.Sizes.Append(1)));
        List<int> sizes = part.Sizes.ToList();
        sizes.Insert(axis, 1);
        Value[] unit = parts.Select(value => graph.Add(new Reshape(Shape.Of(sizes)), value)).ToArray();
        return graph.Add(new Concat(axis), unit);
    }
}

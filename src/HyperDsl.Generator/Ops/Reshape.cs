using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The same elements in row-major order under another shape. It costs nothing where storage is contiguous.</summary>
internal sealed record Reshape(Shape Sizes) : Operation
{
    public override string Name => "reshape";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) =>
        inputs[0].Shape.Count == Sizes.Count ? Sizes : throw new ShapeException(
            $"'reshape' turns {inputs[0].Shape} ({inputs[0].Shape.Count} elements) into {Sizes} ({Sizes.Count} elements): "
            + "the numbers of elements must be equal.");

    public override ElementKind InferKind(IReadOnlyList<Node> inputs) => inputs[0].Kind;

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        if (inputs[0].Shape == shape)
        {
            return new Value(inputs[0].Id);
        }
        if (graph.ConstantOf(new Value(inputs[0].Id)) is double number)
        {
            return graph.Full(number, shape);
        }
        return inputs[0].Operation is Reshape ? graph.Add(this, new Value(inputs[0].Inputs[0])) : null;
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Add(new Reshape(graph[node.Inputs[0]].Shape), gradient)];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

/// <summary>The language's <c>Reshape(x, sizes)</c>; one size may be -1, meaning what is left.</summary>
internal sealed class ReshapePrimitive : Primitive
{
    public override string Name => "reshape";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value value = arguments.Tensor(0);
        int[] sizes = arguments.Integers(1);
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            int known = sizes.Where(size => size != -1).Aggregate(1, (product, size) => product * size);
            sizes = sizes.ToArray();
            sizes[open] = known > 0 ? graph[value].Shape.Count / known : 0;
        }
        return graph.Add(new Reshape(Shape.Of(sizes)), value);
    }
}

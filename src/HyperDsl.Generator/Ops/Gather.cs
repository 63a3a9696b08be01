using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The row of a table that a label names. Inputs: the table <c>[rows, …]</c>, the label.</summary>
internal sealed record Gather : Operation
{
    public override string Name => "gather";

    public override int InputCount => 2;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape table = inputs[0].Shape;
        if (table.Rank == 0)
        {
            throw new ShapeException("'Gather' takes rows of a table, but got a scalar.");
        }
        Label.Check("Gather", inputs[1], table[0], "rows");
        return table.Without(new EquatableArray<int>(0));
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[0].Value) is double number ? graph.Full(number, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Add(new ScatterRow(graph[node.Input(0)].Shape[0]), gradient, node.Input(1)), null];
}

/// <summary>The language's <c>Gather(table, index)</c>.</summary>
internal sealed class GatherPrimitive : Primitive
{
    public override string Name => "gather";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(new Gather(), arguments.Tensor(0), arguments.Tensor(1));
}

/// <summary>What operations on labels have in common.</summary>
internal static class Label
{
    /// <exception cref="ShapeException">It is no label, or may name more than there is.</exception>
    public static void Check(string operation, Node index, int count, string what)
    {
        if (index.Kind != ElementKind.Index || index.Shape.Rank != 0)
        {
            throw new ShapeException(
                $"'{operation}' needs a label, but got {(index.Kind == ElementKind.Index ? "labels" : "real numbers")} "
                + $"of shape {index.Shape}.");
        }
        if (index.Operation is InputLeaf leaf && leaf.Classes > count)
        {
            throw new ShapeException(
                $"'{operation}' is given a label of {leaf.Classes} classes, but there are only {count} {what}.");
        }
    }
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// A table of zeros except for one row: the gradient of <see cref="Gather"/>. Inputs: the row, the label of its place. Its sum
/// over examples is never formed table by table; the schedule adds rows to one table.
/// </summary>
/// <param name="Rows">Rows of the table.</param>
internal sealed record ScatterRow(int Rows) : Operation
{
    public override string Name => "scatterRow";

    public override string Attributes => "rows=" + Literal.Integer(Rows);

    public override int InputCount => 2;

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Label.Check("ScatterRow", inputs[1], Rows, "rows");
        return Shape.Of(inputs[0].Shape.Sizes.Prepend(Rows));
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[0].Value) is 0 ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Add(new Gather(), gradient, node.Input(1)), null];
}

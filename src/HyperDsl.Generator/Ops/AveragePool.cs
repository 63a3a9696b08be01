using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The mean of each window of an image <c>[h, w, c]</c>, channel by channel; padding does not count.
/// </summary>
/// <param name="SizeY">Rows of a window.</param>
/// <param name="SizeX">Columns of a window.</param>
/// <param name="StrideY">Rows between windows.</param>
/// <param name="StrideX">Columns between windows.</param>
/// <param name="Top">Rows of padding above.</param>
/// <param name="Bottom">Rows of padding below.</param>
/// <param name="Left">Columns of padding to the left.</param>
/// <param name="Right">Columns of padding to the right.</param>
internal sealed record AveragePool(
    int SizeY, int SizeX, int StrideY, int StrideX, int Top, int Bottom, int Left, int Right) : Operation
{
    public override string Name => "averagePool";

    public override string Attributes => Window.Text;

    public override int InputCount => 1;

    public Window Window => new(SizeY, SizeX, StrideY, StrideX, Top, Bottom, Left, Right);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Window.Pooled("AveragePool", inputs[0].Shape);

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[0].Value) is double number ? graph.Full(number, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
    [
        graph.Add(
            new AveragePoolGradient(
                SizeY, SizeX, StrideY, StrideX, Top, Bottom, Left, Right, graph[node.Input(0)].Shape),
            gradient),
    ];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => (long)node.Shape.Count * SizeY * SizeX;
}

/// <summary>The language's <c>AveragePool(image, sizeY, sizeX, strideY, strideX, top, bottom, left, right)</c>.</summary>
internal sealed class AveragePoolPrimitive : Primitive
{
    public override string Name => "averagePool";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        int Argument(int index) => arguments.Integer(index);
        return graph.Add(
            new AveragePool(
                Argument(1), Argument(2), Argument(3), Argument(4), Argument(5), Argument(6), Argument(7), Argument(8)),
            arguments.Tensor(0));
    }
}

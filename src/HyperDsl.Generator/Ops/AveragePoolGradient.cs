using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The gradient of <see cref="AveragePool"/>: each window's gradient is shared by its pixels. Input: gradient <c>[h', w', c]</c>;
/// result: the image's shape. Attributes as there.
/// </summary>
internal sealed record AveragePoolGradient(
    int SizeY, int SizeX, int StrideY, int StrideX, int Top, int Bottom, int Left, int Right, Shape ImageShape) : Operation
{
    public override string Name => "averagePoolGradient";

    public override string Attributes => Window.Text;

    public override int InputCount => 1;

    public Window Window => new(SizeY, SizeX, StrideY, StrideX, Top, Bottom, Left, Right);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape pooled = Window.Pooled("AveragePoolGradient", ImageShape);
        Window.RequireShape("AveragePoolGradient", "a gradient", pooled, inputs[0].Shape);
        return ImageShape;
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[0].Value) is 0 ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Add(new AveragePool(SizeY, SizeX, StrideY, StrideX, Top, Bottom, Left, Right), gradient)];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => (long)inputs[0].Shape.Count * SizeY * SizeX;
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The gradient of <see cref="MaxPool"/>: each window's gradient goes to its first maximum in row-major order. Inputs: image
/// <c>[h, w, c]</c>, gradient <c>[h', w', c]</c>; result: the image's shape. Attributes as there.
/// </summary>
internal sealed record MaxPoolGradient(
    int SizeY, int SizeX, int StrideY, int StrideX, int Top, int Bottom, int Left, int Right) : Operation
{
    public override string Name => "maxPoolGradient";

    public override string Attributes => Window.Text;

    public override int InputCount => 2;

    public Window Window => new(SizeY, SizeX, StrideY, StrideX, Top, Bottom, Left, Right);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Window.RequireShape("MaxPoolGradient", "a gradient", Window.Pooled("MaxPoolGradient", inputs[0].Shape), inputs[1].Shape);
        return inputs[0].Shape;
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        graph.ConstantOf(inputs[1].Value) is 0 ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        throw new InvalidOperationException(
            "The gradient of 'maxPool' has no gradient of its own: it would need an operation that reads, at each window, the "
            + "place of the maximum of another image. Second derivatives through max pooling are not available.");

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => (long)inputs[1].Shape.Count * SizeY * SizeX;
}

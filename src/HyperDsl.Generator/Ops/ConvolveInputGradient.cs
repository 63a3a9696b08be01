using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The gradient of <see cref="Convolve"/> for its image, which is also the transposed convolution. Inputs: gradient
/// <c>[h', w', o]</c>, kernel <c>[kh, kw, c / groups, o]</c>; result: the image's shape.
/// Attributes as there.
/// </summary>
internal sealed record ConvolveInputGradient(
    int StrideY, int StrideX, int Top, int Bottom, int Left, int Right, int Groups, Shape ImageShape) : Operation
{
    public override string Name => "convolveInputGradient";

    public override string Attributes => Forward.Attributes;

    public override int InputCount => 2;

    /// <summary>The convolution this belongs to.</summary>
    public Convolve Forward => new(StrideY, StrideX, Top, Bottom, Left, Right, Groups);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape result = Forward.Result(nameof(ConvolveInputGradient), ImageShape, inputs[1].Shape);
        Window.RequireShape(nameof(ConvolveInputGradient), "a gradient", result, inputs[0].Shape);
        return ImageShape;
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs.Any(input => graph.ConstantOf(input.Value) is 0) ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        (Value result, Value kernel) = (node.Input(0), node.Input(1));
        return [
            graph.Add(Forward, gradient, kernel),
            graph.Add(Forward.KernelGradient(graph[kernel].Shape), gradient, result)];
    }

    public override long Cost(IReadOnlyList<Node> inputs, Node node) =>
        Convolve.Products(inputs[1].Shape, inputs[0].Shape);
}

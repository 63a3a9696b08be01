using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The gradient of <see cref="Convolve"/> for its kernel. Inputs: image <c>[h, w, c]</c>, gradient <c>[h', w', o]</c>; result:
/// the kernel's shape.
/// Attributes as there.
/// </summary>
internal sealed record ConvolveKernelGradient(
    int StrideY, int StrideX, int Top, int Bottom, int Left, int Right, int Groups, Shape KernelShape) : Operation
{
    public override string Name => "convolveKernelGradient";

    public override string Attributes => Forward.Attributes;

    public override int InputCount => 2;

    /// <summary>The convolution this belongs to.</summary>
    public Convolve Forward => new(StrideY, StrideX, Top, Bottom, Left, Right, Groups);

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        Shape result = Forward.Result(nameof(ConvolveKernelGradient), inputs[0].Shape, KernelShape);
        Window.RequireShape(nameof(ConvolveKernelGradient), "a gradient", result, inputs[1].Shape);
        return KernelShape;
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs.Any(input => graph.ConstantOf(input.Value) is 0) ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        (Value image, Value result) = (node.Input(0), node.Input(1));
        return [
            graph.Add(Forward.InputGradient(graph[image].Shape), result, gradient),
            graph.Add(Forward, image, gradient)];
    }

    public override long Cost(IReadOnlyList<Node> inputs, Node node) =>
        Convolve.Products(KernelShape, inputs[1].Shape);
}

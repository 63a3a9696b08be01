using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// Cross-correlation with zero padding. Inputs: image <c>[h, w, c]</c>, kernel <c>[kh, kw, c / groups, o]</c>; result
/// <c>[h', w', o]</c>. Group <c>g</c> takes the <c>g</c>-th part of the channels to the <c>g</c>-th part of the outputs.
/// With its two gradients it is closed under differentiation: all three are faces of one trilinear form.
/// </summary>
/// <param name="StrideY">Rows between windows.</param>
/// <param name="StrideX">Columns between windows.</param>
/// <param name="Top">Rows of zeros above.</param>
/// <param name="Bottom">Rows of zeros below.</param>
/// <param name="Left">Columns of zeros to the left.</param>
/// <param name="Right">Columns of zeros to the right.</param>
/// <param name="Groups">How many separate convolutions share the channels.</param>
internal sealed record Convolve(int StrideY, int StrideX, int Top, int Bottom, int Left, int Right, int Groups) : Operation
{
    public override string Name => "convolve";

    public override string Attributes => Over(1, 1).Placement + " groups=" + Literal.Integer(Groups);

    public override int InputCount => 2;

    /// <summary>The windows of a kernel of a given size.</summary>
    public Window Over(int sizeY, int sizeX) => new(sizeY, sizeX, StrideY, StrideX, Top, Bottom, Left, Right);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Result("Convolve", inputs[0].Shape, inputs[1].Shape);

    /// <exception cref="ShapeException">Image and kernel do not fit.</exception>
    public Shape Result(string operation, Shape image, Shape kernel)
    {
        Window.RequireImage(operation, image);
        if (kernel.Rank != 4)
        {
            throw new ShapeException(
                $"'{operation}' needs a kernel of shape [height, width, channels / groups, outputs], but got {kernel}.");
        }
        if (Groups < 1 || image[2] % Groups != 0 || kernel[3] % Groups != 0)
        {
            throw new ShapeException(
                $"'{operation}' of an image {image} with a kernel {kernel} in {Groups} groups: the {image[2]} channels and the "
                + $"{kernel[3]} outputs must both divide into the groups.");
        }
        if (kernel[2] * Groups != image[2])
        {
            throw new ShapeException(
                $"'{operation}' of an image {image} with a kernel {kernel} in {Groups} groups: the image has {image[2]} channels, "
                + $"{image[2] / Groups} for each group, but the kernel is for {kernel[2]}; they must be equal.");
        }
        return Over(kernel[0], kernel[1]).Windows(operation, image, kernel[3]);
    }

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs.Any(input => graph.ConstantOf(input.Value) is 0) ? graph.Full(0, shape) : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        (Value image, Value kernel) = (node.Input(0), node.Input(1));
        return [
            graph.Add(InputGradient(graph[image].Shape), gradient, kernel),
            graph.Add(KernelGradient(graph[kernel].Shape), image, gradient)];
    }

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => Products(inputs[1].Shape, node.Shape);

    public ConvolveInputGradient InputGradient(Shape image) =>
        new(StrideY, StrideX, Top, Bottom, Left, Right, Groups, image);

    public ConvolveKernelGradient KernelGradient(Shape kernel) =>
        new(StrideY, StrideX, Top, Bottom, Left, Right, Groups, kernel);

    /// <summary>Multiply-adds of any of the three.</summary>
    public static long Products(Shape kernel, Shape result) => (long)result.Count * kernel[0] * kernel[1] * kernel[2];
}

/// <summary>The language's <c>Convolve(image, kernel, strideY, strideX, top, bottom, left, right, groups)</c>.</summary>
internal sealed class ConvolvePrimitive : Primitive
{
    public override string Name => "convolve";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        int Argument(int index) => arguments.Integer(index);
        return graph.Add(
            new Convolve(Argument(2), Argument(3), Argument(4), Argument(5), Argument(6), Argument(7), Argument(8)),
            arguments.Tensor(0),
            arguments.Tensor(1));
    }
}

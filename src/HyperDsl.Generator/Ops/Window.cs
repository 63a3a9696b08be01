using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Where windows lie on an image: what convolution and pooling have in common. Sizes and distances in pixels.</summary>
internal readonly record struct Window(
    int SizeY, int SizeX, int StrideY, int StrideX, int Top, int Bottom, int Left, int Right)
{
    /// <summary>The attributes but the sizes, as printed.</summary>
    public string Placement =>
        $"strideY={Literal.Integer(StrideY)} strideX={Literal.Integer(StrideX)} top={Literal.Integer(Top)} "
        + $"bottom={Literal.Integer(Bottom)} left={Literal.Integer(Left)} right={Literal.Integer(Right)}";

    /// <summary>All attributes as printed.</summary>
    public string Text => $"sizeY={Literal.Integer(SizeY)} sizeX={Literal.Integer(SizeX)} " + Placement;

    /// <summary>The shape of one number a window for each of <paramref name="channels"/>.</summary>
    /// <exception cref="ShapeException">The image is none, or has no room for a window.</exception>
    public Shape Windows(string operation, Shape image, int channels)
    {
        RequireImage(operation, image);
        if (SizeY < 1 || SizeX < 1 || StrideY < 1 || StrideX < 1 || Top < 0 || Bottom < 0 || Left < 0 || Right < 0)
        {
            throw new ShapeException(
                $"'{operation}' with windows of {SizeY} x {SizeX}, steps of {StrideY} x {StrideX} and padding of {Top}, {Bottom}, "
                + $"{Left}, {Right}: sizes and steps must be at least 1, padding at least 0.");
        }
        int roomY = Top + image[0] + Bottom;
        int roomX = Left + image[1] + Right;
        return roomY >= SizeY && roomX >= SizeX
            ? Shape.Of(((roomY - SizeY) / StrideY) + 1, ((roomX - SizeX) / StrideX) + 1, channels)
            : throw new ShapeException(
                $"'{operation}' puts windows of {SizeY} x {SizeX} on an image of shape {image}, which with its padding has only "
                + $"{roomY} x {roomX} pixels.");
    }

    /// <summary>The result of pooling.</summary>
    /// <exception cref="ShapeException">As above, or a window might see nothing but padding.</exception>
    public Shape Pooled(string operation, Shape image)
    {
        RequireImage(operation, image);
        return Math.Max(Top, Bottom) < SizeY && Math.Max(Left, Right) < SizeX
            ? Windows(operation, image, image[2])
            : throw new ShapeException(
                $"'{operation}' with windows of {SizeY} x {SizeX} and padding of {Top}, {Bottom}, {Left}, {Right}: a window could "
                + "see nothing but padding; padding must be smaller than the window.");
    }

    /// <exception cref="ShapeException">The shape is not that of an image.</exception>
    public static void RequireImage(string operation, Shape shape)
    {
        if (shape.Rank != 3)
        {
            throw new ShapeException($"'{operation}' needs an image of shape [height, width, channels], but got {shape}.");
        }
    }

    /// <exception cref="ShapeException">A gradient does not have the shape of what it is the gradient of.</exception>
    public static void RequireShape(string operation, string what, Shape expected, Shape actual)
    {
        if (actual != expected)
        {
            throw new ShapeException($"'{operation}' needs {what} of shape {expected}, but got {actual}.");
        }
    }
}

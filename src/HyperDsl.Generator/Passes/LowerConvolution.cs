using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Convolutions as correlations of images that are padded first. The padded image is a node, so forward pass and kernel gradient
/// share it, and whoever computes the image writes it into the padded buffer directly.
/// </summary>
internal static class LowerConvolution
{
    public static Value Forward(GraphBuilder builder, Convolve convolve, Value image, Value kernel)
    {
        Value padded = Padded(builder, image, convolve.Top, convolve.Bottom, convolve.Left, convolve.Right);
        CorrelationSizes sizes = Sizes(
            builder[padded].Shape, builder[kernel].Shape, convolve.StrideY, convolve.StrideX, convolve.Groups);
        Value packed = builder.Add(new PackKernel(sizes, Flipped: false), Lower.NameAfter(builder, kernel, "packed"), kernel);
        return builder.Add(new Correlate(sizes), padded, packed);
    }

    /// <summary>
    /// The gradient of the image is the correlation of the output gradient, spread out by the stride and padded by the kernel's
    /// size, with the kernel turned by 180°.
    /// </summary>
    public static Value InputGradient(GraphBuilder builder, ConvolveInputGradient convolve, Value gradient, Value kernel)
    {
        Shape image = convolve.ImageShape;
        Shape kernelShape = builder[kernel].Shape;
        Shape from = builder[gradient].Shape;
        int top = kernelShape[0] - 1 - convolve.Top;
        int left = kernelShape[1] - 1 - convolve.Left;
        int height = image[0] + kernelShape[0] - 1;
        int width = image[1] + kernelShape[1] - 1;
        if (Place(builder, gradient, from, Shape.Of(height, width, from[2]), top, left, convolve) is not Value spread)
        {
            return builder.Full(0, image);
        }
        CorrelationSizes sizes = new(
            height, width, from[2], image[2], kernelShape[0], kernelShape[1], 1, 1, convolve.Groups);
        Value packed = builder.Add(new PackKernel(sizes, Flipped: true), Lower.NameAfter(builder, kernel, "flipped"), kernel);
        return builder.Add(new Correlate(sizes), spread, packed);
    }

    public static Value KernelGradient(
        GraphBuilder builder, ConvolveKernelGradient convolve, Value image, Value gradient, bool overExamples)
    {
        Value padded = Padded(builder, image, convolve.Top, convolve.Bottom, convolve.Left, convolve.Right);
        CorrelationSizes sizes = Sizes(
            builder[padded].Shape, convolve.KernelShape, convolve.StrideY, convolve.StrideX, convolve.Groups);
        return builder.Add(new CorrelateKernelGradient(sizes, overExamples), padded, gradient);
    }

    private static Value Padded(GraphBuilder builder, Value image, int top, int bottom, int left, int right)
    {
        Shape shape = builder[image].Shape;
        return (top | bottom | left | right) == 0
            ? image
            : Lower.Place(
                builder, image, Shape.Of(shape[0] + top + bottom, shape[1] + left + right, shape[2]),
                [top, left, 0], [1, 1, 1], 0);
    }

    /// <summary>
    /// Spreads the gradient into the buffer the flipped kernel runs over. Where the forward padding exceeds the kernel, the
    /// border rows of the gradient never touched the image and are cut off; <c>null</c> if none did.
    /// </summary>
    private static Value? Place(
        GraphBuilder builder, Value gradient, Shape from, Shape whole, int top, int left, ConvolveInputGradient convolve)
    {
        Value part = gradient;
        int[] start = [top, left, 0];
        int[] step = [convolve.StrideY, convolve.StrideX, 1];
        for (int axis = 0; axis < 2; axis++)
        {
            int first = start[axis] >= 0 ? 0 : (-start[axis] + step[axis] - 1) / step[axis];
            int last = Math.Min(from[axis] - 1, FloorDivide(whole[axis] - 1 - start[axis], step[axis]));
            if (first > last)
            {
                return null;
            }
            if (first > 0 || last < from[axis] - 1)
            {
                part = builder.Add(new Slice(axis, first, last - first + 1), part);
                start[axis] += first * step[axis];
            }
        }
        return Lower.Place(builder, part, whole, start, step, 0);
    }

    private static int FloorDivide(int dividend, int divisor) =>
        dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor);

    private static CorrelationSizes Sizes(Shape padded, Shape kernel, int strideY, int strideX, int groups) =>
        new(padded[0], padded[1], padded[2], kernel[3], kernel[0], kernel[1], strideY, strideX, groups);
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The greatest pixel under each square window, channel by channel.</summary>
    /// <param name="image">[height, width, channels].</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">Pixels from one window to the next; the size when 0.</param>
    /// <param name="padding"><see cref="Padding.Valid"/> when not given; padding never wins.</param>
    /// <returns>[output height, output width, channels].</returns>
    /// <exception cref="TensorShapeException">The rank is not 3, or window and padding do not fit.</exception>
    public static Tensor MaxPool2d(Tensor image, int size, int stride = 0, Padding? padding = null)
    {
        CheckImage("MaxPool2d", image, size, stride);
        Padding around = padding ?? Padding.Valid;
        int step = stride == 0 ? size : stride;
        int height = image.Shape[0];
        int width = image.Shape[1];
        return MaxPool(
            image,
            size,
            size,
            step,
            step,
            around.Top(height, size, step),
            around.Bottom(height, size, step),
            around.Left(width, size, step),
            around.Right(width, size, step));
    }

    /// <summary>The mean of the pixels under each square window, channel by channel.</summary>
    /// <param name="image">[height, width, channels].</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">Pixels from one window to the next; the size when 0.</param>
    /// <param name="padding"><see cref="Padding.Valid"/> when not given; padding does not count.</param>
    /// <returns>[output height, output width, channels].</returns>
    /// <exception cref="TensorShapeException">The rank is not 3, or window and padding do not fit.</exception>
    public static Tensor AveragePool2d(Tensor image, int size, int stride = 0, Padding? padding = null)
    {
        CheckImage("AveragePool2d", image, size, stride);
        Padding around = padding ?? Padding.Valid;
        int step = stride == 0 ? size : stride;
        int height = image.Shape[0];
        int width = image.Shape[1];
        return AveragePool(
            image,
            size,
            size,
            step,
            step,
            around.Top(height, size, step),
            around.Bottom(height, size, step),
            around.Left(width, size, step),
            around.Right(width, size, step));
    }

    /// <summary>The mean over all pixels of each channel.</summary>
    /// <param name="image">[height, width, channels].</param>
    /// <returns>[channels].</returns>
    /// <exception cref="TensorShapeException">The rank is not 3.</exception>
    public static Tensor GlobalAveragePool(Tensor image)
    {
        CheckImage("GlobalAveragePool", image, 1, 0);
        return Mean(image, [0, 1]);
    }

    private static void CheckImage(string operation, Tensor image, int size, int stride)
    {
        if (image.Rank != 3 || size < 1 || stride < 0)
        {
            throw new TensorShapeException(
                $"{operation} takes an image [height, width, channels], but got {image.Rank} axes, windows of {size} and a stride of {stride}. "
                + "Use Reshape to add an axis; windows are at least 1.");
        }
    }
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// The greatest pixel under each window, channel by channel; padding never wins, and of equal ones the first, row by row, gets the
    /// gradient.
    /// </summary>
    /// <param name="image">[height, width, channels].</param>
    /// <param name="sizeY">Rows of a window.</param>
    /// <param name="sizeX">Columns of a window.</param>
    /// <param name="strideY">Rows from one window to the next.</param>
    /// <param name="strideX">Columns from one window to the next.</param>
    /// <param name="top">Padding above.</param>
    /// <param name="bottom">Padding below.</param>
    /// <param name="left">Padding on the left.</param>
    /// <param name="right">Padding on the right.</param>
    /// <returns>[output height, output width, channels].</returns>
    /// <exception cref="TensorShapeException">The rank is not 3, or window and padding do not fit.</exception>
    [Primitive("maxPool")]
    public static Tensor MaxPool(
        Tensor image, int sizeY, int sizeX, int strideY, int strideX, int top, int bottom, int left, int right) =>
        Pool("MaxPool", image, sizeY, sizeX, strideY, strideX, [top, bottom, left, right], pixels => pixels.Max());
}

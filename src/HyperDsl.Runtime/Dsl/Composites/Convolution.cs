namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Two-dimensional convolution as neural networks have it (cross-correlation).</summary>
    /// <param name="image">[height, width, in].</param>
    /// <param name="kernel">[kernel height, kernel width, in / groups, out].</param>
    /// <param name="stride">Pixels from one window to the next, both ways.</param>
    /// <param name="padding">Zeros around; <see cref="Padding.Same"/> when not given.</param>
    /// <param name="groups">Equal parts of the channels that do not see each other.</param>
    /// <returns>[output height, output width, out].</returns>
    /// <exception cref="TensorShapeException">Ranks, channels or window do not fit.</exception>
    public static Tensor Conv2d(Tensor image, Tensor kernel, int stride = 1, Padding? padding = null, int groups = 1)
    {
        if (image.Rank != 3 || kernel.Rank != 4 || stride < 1)
        {
            throw new TensorShapeException(
                $"Conv2d takes an image [height, width, in], a kernel [height, width, in / groups, out] and a stride of at least 1, "
                + $"but got {image.Rank} axes, {kernel.Rank} axes and {stride}. Use Reshape to add an axis.");
        }
        Padding around = padding ?? Padding.Same;
        int height = image.Shape[0];
        int width = image.Shape[1];
        int rows = kernel.Shape[0];
        int columns = kernel.Shape[1];
        return Convolve(
            image,
            kernel,
            stride,
            stride,
            around.Top(height, rows, stride),
            around.Bottom(height, rows, stride),
            around.Left(width, columns, stride),
            around.Right(width, columns, stride),
            groups);
    }
}

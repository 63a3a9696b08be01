namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// Two-dimensional cross-correlation with zeros around the image:
    /// y[i, j, o] = Σ image[i·strideY + u − top, j·strideX + v − left, c] · kernel[u, v, c, o].
    /// </summary>
    /// <param name="image">[height, width, in].</param>
    /// <param name="kernel">[kernel height, kernel width, in / groups, out].</param>
    /// <param name="strideY">Rows from one window to the next.</param>
    /// <param name="strideX">Columns from one window to the next.</param>
    /// <param name="top">Rows of zeros above.</param>
    /// <param name="bottom">Rows of zeros below.</param>
    /// <param name="left">Columns of zeros on the left.</param>
    /// <param name="right">Columns of zeros on the right.</param>
    /// <param name="groups">Equal parts of the channels; each part of the outputs sees its part of the inputs only.</param>
    /// <returns>[output height, output width, out].</returns>
    /// <exception cref="TensorShapeException">Ranks, channels or window do not fit.</exception>
    [Primitive("convolve")]
    public static Tensor Convolve(
        Tensor image, Tensor kernel, int strideY, int strideX, int top, int bottom, int left, int right, int groups)
    {
        if (image.Rank != 3 || kernel.Rank != 4)
        {
            throw new TensorShapeException(
                $"'Convolve' takes an image [height, width, in] and a kernel [height, width, in / groups, out], but got "
                + $"{ShapeRules.Text(image.Sizes)} and {ShapeRules.Text(kernel.Sizes)}. Use Reshape to add an axis.");
        }
        if (groups < 1 || image.Sizes[2] != kernel.Sizes[2] * groups || kernel.Sizes[3] % groups != 0)
        {
            throw new TensorShapeException(
                $"'Convolve' with {groups} groups takes an image with {groups} times the kernel's input channels, and a kernel whose "
                + $"outputs are a multiple of that, but got {ShapeRules.Text(image.Sizes)} and {ShapeRules.Text(kernel.Sizes)}.");
        }
        Window rows = Window.Of("Convolve", image.Sizes[0], kernel.Sizes[0], strideY, top, bottom);
        Window columns = Window.Of("Convolve", image.Sizes[1], kernel.Sizes[1], strideX, left, right);
        int outputs = kernel.Sizes[3];
        return Lifting.Two("Convolve", image, kernel, [rows.Outputs, columns.Outputs, outputs], (pixels, weights, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                int output = i % outputs;
                result[i] = Correlate(pixels, weights, kernel.Sizes, rows, columns, i / outputs, output, output / (outputs / groups));
            }
        });
    }

    private static double Correlate(
        ReadOnlySpan<double> image, ReadOnlySpan<double> kernel, int[] sizes, Window rows, Window columns, int place, int output, int group)
    {
        int channels = sizes[2];
        int pixel = image.Length / (rows.Inputs * columns.Inputs);
        double sum = 0;
        for (int u = 0; u < sizes[0]; u++)
        {
            for (int v = 0; v < sizes[1]; v++)
            {
                int y = rows.Input(place / columns.Outputs, u);
                int x = columns.Input(place % columns.Outputs, v);
                for (int c = 0; y >= 0 && x >= 0 && c < channels; c++)
                {
                    sum += image[(((y * columns.Inputs) + x) * pixel) + (group * channels) + c]
                        * kernel[(((((u * sizes[1]) + v) * channels) + c) * sizes[3]) + output];
                }
            }
        }
        return sum;
    }
}

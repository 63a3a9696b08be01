namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Combines the pixels under each window, channel by channel; padding is left out.</summary>
    private static Tensor Pool(
        string operation, Tensor image, int sizeY, int sizeX, int strideY, int strideX, int[] padding, Func<List<double>, double> combine)
    {
        if (image.Rank != 3)
        {
            throw new TensorShapeException(
                $"'{operation}' takes an image [height, width, channels], but got {ShapeRules.Text(image.Sizes)}. Use Reshape to add an axis.");
        }
        if (padding[0] >= sizeY || padding[1] >= sizeY || padding[2] >= sizeX || padding[3] >= sizeX)
        {
            throw new TensorShapeException(
                $"'{operation}' with windows of {sizeY} by {sizeX} is padded by {ShapeRules.Text(padding)} (top, bottom, left, right). "
                + "Padding is less than the window, so that no window lies in the padding alone.");
        }
        Window rows = Window.Of(operation, image.Sizes[0], sizeY, strideY, padding[0], padding[1]);
        Window columns = Window.Of(operation, image.Sizes[1], sizeX, strideX, padding[2], padding[3]);
        int channels = image.Sizes[2];
        return Lifting.One(image, [rows.Outputs, columns.Outputs, channels], (pixels, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = combine(Under(pixels, channels, rows, columns, i / channels, i % channels));
            }
        });
    }

    private static List<double> Under(ReadOnlySpan<double> pixels, int channels, Window rows, Window columns, int place, int channel)
    {
        List<double> under = [];
        for (int u = 0; u < rows.Size; u++)
        {
            for (int v = 0; v < columns.Size; v++)
            {
                int y = rows.Input(place / columns.Outputs, u);
                int x = columns.Input(place % columns.Outputs, v);
                if (y >= 0 && x >= 0)
                {
                    under.Add(pixels[(((y * columns.Inputs) + x) * channels) + channel]);
                }
            }
        }
        return under;
    }
}

using System.Globalization;

namespace HyperDsl.Data;

/// <summary>Turns the bytes of an image into the real numbers a network sees, changed at random. Must not keep state.</summary>
public abstract class ImageAugmentation
{
    /// <summary>Pixels as they are.</summary>
    public static ImageAugmentation None { get; } = new Unchanged();

    /// <summary>Writes one augmented image.</summary>
    /// <param name="image">Bytes, [height, width, channels].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="channels">Channels a pixel.</param>
    /// <param name="random">This example's random numbers in this epoch.</param>
    /// <param name="result">Receives numbers from 0 to 255, laid out as the image; the caller scales them.</param>
    public abstract void Apply(
        ReadOnlySpan<byte> image, int height, int width, int channels, ref RandomStream random, Span<float> result);

    /// <summary>Its name and constants: equal texts mean equal changes; checkpoints compare it.</summary>
    public abstract override string ToString();

    private sealed class Unchanged : ImageAugmentation
    {
        public override string ToString() => "unchanged";

        public override void Apply(
            ReadOnlySpan<byte> image, int height, int width, int channels, ref RandomStream random, Span<float> result)
        {
            Pixels.ToSingle(image, result);
        }
    }
}

/// <summary>
/// The augmentation of the hypernetworks paper's MNIST notebook: rows and columns, each the mean of its two neighbours, are
/// inserted at random places, and the image's own size is cut out of the larger one at random. Results are exact in single
/// precision.
/// </summary>
/// <param name="inserted">Rows and columns inserted, 2 in the notebook: 28×28 becomes 30×30; at most 8.</param>
public sealed class InsertAndCrop(int inserted = 2) : ImageAugmentation
{
    private const int Largest = 8;
    private readonly int inserted = inserted is >= 0 and <= Largest
        ? inserted
        : throw new ArgumentOutOfRangeException(nameof(inserted), inserted, $"From 0 to {Largest} rows can be inserted.");

    /// <inheritdoc/>
    public override void Apply(
        ReadOnlySpan<byte> image, int height, int width, int channels, ref RandomStream random, Span<float> result)
    {
        Span<float> rows = stackalloc float[height + inserted];
        Span<float> columns = stackalloc float[width + inserted];
        rows = Places(rows, height, ref random);
        columns = Places(columns, width, ref random);
        int rowSize = width * channels;
        Span<float> blended = stackalloc float[rowSize];
        for (int row = 0; row < height; row++)
        {
            int above = (int)rows[row];
            float part = rows[row] - above;
            if (part == 0)
            {
                Pixels.ToSingle(image.Slice(above * rowSize, rowSize), blended);
            }
            else
            {
                Blend(image.Slice(above * rowSize, rowSize), image.Slice((above + 1) * rowSize, rowSize), part, blended);
            }

            Resample(blended, columns, channels, result.Slice(row * rowSize, rowSize));
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"insert {inserted} rows and columns and crop");

    /// <summary>
    /// Where the rows of the result lie between the rows of the image. A row inserted between two others lies midway: both are
    /// within one interval of the image's rows, so the mean of two rows is the linear interpolation at the mean place.
    /// </summary>
    private Span<float> Places(Span<float> places, int size, ref RandomStream random)
    {
        for (int index = 0; index < size; index++)
        {
            places[index] = index;
        }

        for (int count = size; count < size + inserted; count++)
        {
            int before = size == 1 ? 0 : random.Next(count - 1);
            float inserted = size == 1 ? 0 : (places[before] + places[before + 1]) / 2;
            places[(before + 1)..count].CopyTo(places[(before + 2)..]);
            places[before + 1] = inserted;
        }

        return places.Slice(random.Next(inserted + 1), size);
    }

    private static void Blend(ReadOnlySpan<byte> above, ReadOnlySpan<byte> below, float part, Span<float> blended)
    {
        for (int index = 0; index < blended.Length; index++)
        {
            blended[index] = above[index] + (part * (below[index] - above[index]));
        }
    }

    /// <summary>Columns that stay whole come in a few runs of neighbours, which are copied as they are.</summary>
    private static void Resample(ReadOnlySpan<float> row, ReadOnlySpan<float> columns, int channels, Span<float> result)
    {
        int column = 0;
        while (column < columns.Length)
        {
            int left = (int)columns[column];
            float part = columns[column] - left;
            if (part == 0)
            {
                int end = column + 1;
                while (end < columns.Length && columns[end] == left + (end - column))
                {
                    end++;
                }

                row.Slice(left * channels, (end - column) * channels).CopyTo(result[(column * channels)..]);
                column = end;
                continue;
            }

            for (int channel = 0; channel < channels; channel++)
            {
                float value = row[(left * channels) + channel];
                result[(column * channels) + channel] = value + (part * (row[((left + 1) * channels) + channel] - value));
            }

            column++;
        }
    }
}

/// <summary>
/// Shifts the image by up to <c>padding</c> pixels each way, filling with black, and mirrors half of the images.
/// </summary>
/// <param name="padding">
/// Pixels of padding on each side before the crop, 4 for CIFAR (Zagoruyko and Komodakis, Wide Residual Networks, 2016).
/// </param>
/// <param name="mirror">Whether left and right are exchanged with probability one half.</param>
public sealed class PadCropMirror(int padding = 4, bool mirror = true) : ImageAugmentation
{
    private readonly int padding = padding >= 0
        ? padding
        : throw new ArgumentOutOfRangeException(nameof(padding), padding, "Padding is not negative.");

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"pad {padding} and crop{(mirror ? " and mirror" : "")}");

    /// <inheritdoc/>
    public override void Apply(
        ReadOnlySpan<byte> image, int height, int width, int channels, ref RandomStream random, Span<float> result)
    {
        int top = random.Next((2 * padding) + 1) - padding;
        int left = random.Next((2 * padding) + 1) - padding;
        bool mirrored = mirror && random.Next(2) == 1;
        result.Clear();
        int first = Math.Max(0, -left);
        int count = Math.Max(0, width - Math.Abs(left));
        for (int row = Math.Max(0, -top); row < Math.Min(height, height - top) && count > 0; row++)
        {
            Pixels.ToSingle(
                image.Slice((((row + top) * width) + first + left) * channels, count * channels),
                result.Slice(((row * width) + first) * channels, count * channels));
            if (mirrored)
            {
                Pixels.Mirror(result.Slice(row * width * channels, width * channels), channels);
            }
        }
    }
}

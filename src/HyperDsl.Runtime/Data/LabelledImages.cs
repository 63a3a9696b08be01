namespace HyperDsl.Data;

/// <summary>Images of one size, 8 bits a channel, each with a class. Parts of it share its memory.</summary>
public sealed class LabelledImages
{
    private readonly ReadOnlyMemory<byte> pixels;
    private readonly ReadOnlyMemory<int> labels;

    /// <summary>Wraps pixels and labels.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="classes">Labels are from 0 up to, not including, this.</param>
    /// <param name="pixels">[count, height, width, channels].</param>
    /// <param name="labels">[count].</param>
    /// <exception cref="ArgumentException">The lengths disagree or a label is out of range.</exception>
    public LabelledImages(
        int height, int width, int channels, int classes, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        Height = height;
        Width = width;
        Channels = channels;
        Classes = classes;
        if (pixels.Length != (long)labels.Length * ImageSize)
        {
            throw new ArgumentException(
                $"{labels.Length} images of {height}×{width}×{channels} need "
                + $"{(long)labels.Length * ImageSize} bytes, not {pixels.Length}.",
                nameof(pixels));
        }

        int stranger = labels.Span.IndexOfAnyExceptInRange(0, classes - 1);
        if (stranger >= 0)
        {
            throw new ArgumentException(
                $"Label {labels.Span[stranger]} of image {stranger} is not below {classes}.", nameof(labels));
        }

        this.pixels = pixels;
        this.labels = labels;
    }

    /// <summary>The number of images.</summary>
    public int Count => labels.Length;

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Bytes of a pixel.</summary>
    public int Channels { get; }

    /// <summary>Labels are from 0 up to, not including, this.</summary>
    public int Classes { get; }

    /// <summary>Bytes of an image.</summary>
    public int ImageSize => checked(Height * Width * Channels);

    /// <summary>All labels.</summary>
    public ReadOnlySpan<int> Labels => labels.Span;

    /// <summary>The pixels of an image, [height, width, channels].</summary>
    public ReadOnlySpan<byte> Image(int index) => pixels.Span.Slice(index * ImageSize, ImageSize);

    /// <summary>The first <paramref name="count"/> images.</summary>
    public LabelledImages Take(int count) => Part(0, count);

    /// <summary>Cuts the set in two, such as 5,000 images for validation and the rest for training.</summary>
    /// <param name="first">Images of the first part.</param>
    public (LabelledImages First, LabelledImages Others) Split(int first) => (Part(0, first), Part(first, Count - first));

    private LabelledImages Part(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new(
            Height, Width, Channels, Classes, pixels.Slice(start * ImageSize, count * ImageSize), labels.Slice(start, count));
    }
}

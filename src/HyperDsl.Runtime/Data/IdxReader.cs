namespace HyperDsl.Data;

/// <summary>
/// Reads the IDX format of MNIST: a big-endian magic number (0, 0, element type, number of axes), the sizes, the elements.
/// Files may be packed with gzip.
/// </summary>
public static class IdxReader
{
    private const int ImagesMagic = 0x00000803;
    private const int LabelsMagic = 0x00000801;
    private const int LargestSide = 1 << 14;

    /// <summary>Reads images and their labels.</summary>
    /// <param name="imagesPath">File of unsigned bytes [count, height, width].</param>
    /// <param name="labelsPath">File of unsigned bytes [count].</param>
    /// <param name="classes">Labels are below this.</param>
    /// <exception cref="Storage.FileFormatException">A file is damaged or the two do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LabelledImages Read(string imagesPath, string labelsPath, int classes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        using var images = new FormatReader(imagesPath);
        int count = ReadCount(images, ImagesMagic, "images");
        int height = ReadSize(images, "the height", LargestSide);
        int width = ReadSize(images, "the width", LargestSide);
        byte[] pixels = images.ReadBytes((long)count * height * width, $"{count} images of {height}×{width} pixels");
        images.ExpectEnd($"{count} images");
        return new LabelledImages(height, width, channels: 1, classes, pixels, ReadLabels(labelsPath, count, classes));
    }

    /// <summary>
    /// Reads a data set from a folder by MNIST's file names, <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
    /// <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>, each with or without <c>.gz</c>.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static (LabelledImages Train, LabelledImages Test) ReadFolder(string folder, int classes = 10)
    {
        return (ReadPart("train"), ReadPart("t10k"));

        LabelledImages ReadPart(string part) =>
            Read(Find(folder, $"{part}-images-idx3-ubyte"), Find(folder, $"{part}-labels-idx1-ubyte"), classes);
    }

    private static string Find(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        string packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new FileNotFoundException($"{folder} has neither {name} nor {name}.gz.", plain);
    }

    private static int[] ReadLabels(string path, int imageCount, int classes)
    {
        using var reader = new FormatReader(path);
        int count = ReadCount(reader, LabelsMagic, "labels");
        if (count != imageCount)
        {
            throw reader.Fault(4, $"{count} labels", $"{imageCount}, one for each image");
        }

        long start = reader.Offset;
        byte[] bytes = reader.ReadBytes(count, $"{count} labels");
        reader.ExpectEnd($"{count} labels");
        int[] labels = new int[count];
        for (int index = 0; index < count; index++)
        {
            labels[index] = bytes[index] < classes
                ? bytes[index]
                : throw reader.Fault(start + index, $"label {bytes[index]}", $"a class below {classes}");
        }

        return labels;
    }

    private static int ReadCount(FormatReader reader, int magic, string what)
    {
        int found = reader.ReadInt32BigEndian("the magic number (4 bytes)");
        return found == magic
            ? ReadSize(reader, $"the number of {what}", int.MaxValue)
            : throw reader.Fault(0, $"magic number 0x{found:x8}", $"0x{magic:x8} of an IDX file of {what}");
    }

    private static int ReadSize(FormatReader reader, string what, int largest)
    {
        long offset = reader.Offset;
        int size = reader.ReadInt32BigEndian($"{what} (4 bytes)");
        return size > 0 && size <= largest
            ? size
            : throw reader.Fault(offset, $"{(uint)size}", $"{what}, from 1 to {largest}");
    }
}

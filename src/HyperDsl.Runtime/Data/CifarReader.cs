namespace HyperDsl.Data;

/// <summary>
/// Reads the binary form of CIFAR-10: records of one label and 32×32 pixels as three planes, red, green, blue. Files may be
/// packed with gzip.
/// </summary>
public static class CifarReader
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int Channels = 3;
    private const int Classes = 10;
    private const int Record = 1 + (Channels * Plane);

    /// <summary>Reads files one after another into one set of images [32, 32, 3].</summary>
    /// <exception cref="Storage.FileFormatException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LabelledImages Read(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<byte[]> files = [.. paths.Select(ReadRecords)];
        int count = checked((int)(files.Sum(file => (long)file.Length) / Record));
        byte[] pixels = new byte[checked(count * Channels * Plane)];
        int[] labels = new int[count];
        int example = 0;
        foreach (byte[] file in files)
        {
            for (int start = 0; start < file.Length; start += Record, example++)
            {
                labels[example] = file[start];
                Interleave(file.AsSpan(start + 1, Channels * Plane), pixels.AsSpan(example * Channels * Plane, Channels * Plane));
            }
        }

        return new LabelledImages(Side, Side, Channels, Classes, pixels, labels);
    }

    private static byte[] ReadRecords(string path)
    {
        using var reader = new FormatReader(path);
        byte[] bytes = reader.ReadToEnd(Array.MaxLength);
        int whole = bytes.Length / Record * Record;
        if (bytes.Length == 0 || bytes.Length != whole)
        {
            throw reader.Fault(whole, $"{bytes.Length - whole} bytes before the end of the file", $"a record of {Record} bytes");
        }

        for (int start = 0; start < bytes.Length; start += Record)
        {
            if (bytes[start] >= Classes)
            {
                throw reader.Fault(start, $"label {bytes[start]}", $"a class below {Classes}");
            }
        }

        return bytes;
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int pixel = 0; pixel < Plane; pixel++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                pixels[(pixel * Channels) + channel] = planes[(channel * Plane) + pixel];
            }
        }
    }
}

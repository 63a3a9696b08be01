using System.Buffers.Binary;
using System.IO.Compression;

namespace HyperDsl.Storage;

/// <summary>Writes 8-bit grey and RGB images as PNG (ISO/IEC 15948), unfiltered.</summary>
public static class PngImage
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Writes an image to a file, atomically.</summary>
    /// <inheritdoc cref="Write(Stream, int, int, int, ReadOnlySpan{byte})"/>
    public static void Save(string path, int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        var encoded = new MemoryStream();
        Write(encoded, width, height, channels, pixels);
        AtomicFile.Write(path, encoded.WriteTo);
    }

    /// <summary>Writes an image.</summary>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="pixels">[height, width, channels], top row first.</param>
    /// <exception cref="ArgumentException">The sizes are no image's or do not fit the pixels.</exception>
    public static void Write(Stream stream, int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A PNG image here has 1 or 3 channels.");
        }

        int rowBytes = checked(width * channels);
        if (pixels.Length != checked(rowBytes * height))
        {
            throw new ArgumentException(
                $"{height}×{width}×{channels} pixels need {rowBytes * height} bytes, not {pixels.Length}.", nameof(pixels));
        }

        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a sample
        header[9] = (byte)(channels == 1 ? 0 : 2); // colour type: grey, RGB
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(rowBytes, height, pixels));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(int rowBytes, int height, ReadOnlySpan<byte> pixels)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int row = 0; row < height; row++)
            {
                zlib.WriteByte(0); // filter of this row: none
                zlib.Write(pixels.Slice(row * rowBytes, rowBytes));
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        uint crc = ~UpdateCrc(UpdateCrc(~0u, type), data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        stream.Write(number);
    }

    private static uint UpdateCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xff] ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>Remainders of all bytes by the reversed polynomial of annex D.</summary>
    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < 256; index++)
        {
            uint remainder = index;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? 0xedb88320u ^ (remainder >> 1) : remainder >> 1;
            }

            table[index] = remainder;
        }

        return table;
    }
}

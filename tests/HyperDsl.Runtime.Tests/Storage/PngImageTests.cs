using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using HyperDsl.Storage;

namespace HyperDsl.Tests.Storage;

public class PngImageTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(7, 4, 3)]
    [InlineData(300, 200, 3)]
    public void A_decoder_gets_the_pixels_back(int width, int height, int channels)
    {
        byte[] pixels = new byte[width * height * channels];
        new Random(1).NextBytes(pixels);
        var stream = new MemoryStream();
        PngImage.Write(stream, width, height, channels, pixels);
        List<(string Type, byte[] Data)> chunks = Chunks(stream.ToArray());

        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        byte[] header = chunks[0].Data;
        Assert.Equal(
            (width, height),
            (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))));
        Assert.Equal([8, (byte)(channels == 3 ? 2 : 0), 0, 0, 0], header[8..]);
        Assert.Empty(chunks[2].Data);

        byte[] rows = Inflate(chunks[1].Data);
        int row = 1 + (width * channels);
        Assert.Equal(height * row, rows.Length);
        for (int y = 0; y < height; y++)
        {
            Assert.Equal(0, rows[y * row]);
            Assert.Equal(pixels.AsSpan(y * width * channels, width * channels), rows.AsSpan((y * row) + 1, width * channels));
        }
    }

    [Fact]
    public void Sizes_must_fit()
    {
        var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => PngImage.Write(stream, 2, 2, 1, new byte[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngImage.Write(stream, 1, 1, 2, new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PngImage.Write(stream, 0, 1, 1, []));
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] png)
    {
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], png[..8]);
        var chunks = new List<(string, byte[])>();
        for (int position = 8; position < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(position));
            Assert.Equal(
                BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(position + 8 + length)),
                Crc(png.AsSpan(position + 4, 4 + length)));
            chunks.Add((Encoding.ASCII.GetString(png, position + 4, 4), png[(position + 8)..(position + 8 + length)]));
            position += 12 + length;
        }

        return chunks;
    }

    /// <summary>Bit by bit from the definition, unlike the writer's table.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte value in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool odd = ((register ^ (uint)(value >> bit)) & 1) != 0;
                register = (register >> 1) ^ (odd ? 0xedb88320u : 0);
            }
        }

        return ~register;
    }

    /// <summary>Checks the zlib wrapper (RFC 1950) by hand; the deflate stream inside is the platform's.</summary>
    private static byte[] Inflate(byte[] zlib)
    {
        Assert.Equal(8, zlib[0] & 15);
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(zlib) % 31);
        using var deflate = new DeflateStream(new MemoryStream(zlib[2..^4]), CompressionMode.Decompress);
        var result = new MemoryStream();
        deflate.CopyTo(result);
        uint low = 1, high = 0;
        foreach (byte value in result.ToArray())
        {
            low = (low + value) % 65521;
            high = (high + low) % 65521;
        }

        Assert.Equal((high << 16) | low, BinaryPrimitives.ReadUInt32BigEndian(zlib.AsSpan(zlib.Length - 4)));
        return result.ToArray();
    }
}

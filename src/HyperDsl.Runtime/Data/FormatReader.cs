using System.Buffers.Binary;
using System.IO.Compression;
using HyperDsl.Storage;

namespace HyperDsl.Data;

/// <summary>
/// Reads a binary file, packed with gzip or not (told by its first bytes, not its name), and words what is wrong with it.
/// </summary>
internal sealed class FormatReader : IDisposable
{
    private const int FirstGrowth = 1 << 20;
    private readonly string path;
    private readonly Stream stream;

    /// <summary>Opens a file.</summary>
    public FormatReader(string path)
    {
        this.path = path;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            byte[] begin = new byte[2];
            int length = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);

            // A pipe cannot go back to its beginning.
            var whole = new BegunStream(begin.AsMemory(0, length), file);
            stream = begin is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes read so far, after decompression.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads a big-endian 32-bit integer.</summary>
    public int ReadInt32BigEndian(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        int read = ReadSome(bytes);
        if (read < bytes.Length)
        {
            throw Fault(Offset + read, "the end of the file", what);
        }

        Offset += bytes.Length;
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>Reads bytes; memory grows with what the file really has, so a false count cannot exhaust it.</summary>
    public byte[] ReadBytes(long count, string what)
    {
        if (count > Array.MaxLength)
        {
            throw Fault(Offset, what, $"at most {Array.MaxLength} bytes");
        }

        byte[] bytes = new byte[Math.Min(count, FirstGrowth)];
        long done = 0;
        while (true)
        {
            int read = ReadSome(bytes.AsSpan((int)done));
            done += read;
            if (done < bytes.Length)
            {
                throw Fault(Offset + done, "the end of the file", $"{what}, {count} bytes from byte {Offset} on");
            }

            if (done == count)
            {
                Offset += count;
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
    }

    /// <summary>Reads all that is left.</summary>
    public byte[] ReadToEnd(long limit)
    {
        var rest = new MemoryStream();
        byte[] chunk = new byte[1 << 16];
        int read;
        while ((read = ReadSome(chunk)) > 0)
        {
            rest.Write(chunk, 0, read);
            if (rest.Length > limit)
            {
                throw Fault(Offset + limit, "more bytes", $"at most {limit}");
            }
        }

        Offset += rest.Length;
        return rest.ToArray();
    }

    /// <summary>Demands the end of the file.</summary>
    public void ExpectEnd(string after)
    {
        Span<byte> next = stackalloc byte[1];
        if (ReadSome(next) > 0)
        {
            throw Fault(Offset, "more bytes", $"the end of the file after {after}");
        }
    }

    /// <summary>An exception that names this file.</summary>
    public FileFormatException Fault(long offset, string found, string expected, Exception? cause = null) =>
        new(path, offset, found, expected, cause);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private int ReadSome(Span<byte> bytes)
    {
        int done = 0;
        try
        {
            while (done < bytes.Length)
            {
                int read = stream.Read(bytes[done..]);
                if (read == 0)
                {
                    break;
                }

                done += read;
            }

            return done;
        }
        catch (InvalidDataException exception)
        {
            throw Fault(Offset + done, $"damaged gzip data ({exception.Message})", "a whole gzip file", exception);
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HyperDsl.Storage;

/// <summary>A tensor's description in the header of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last one.</param>
/// <param name="HeaderOffset">Where in the file it is described.</param>
public sealed record StoredTensor(
    string Name, TensorType Type, IReadOnlyList<int> Shape, long Begin, long End, long HeaderOffset);

/// <summary>
/// An open safetensors file. Opening checks the whole header against the file's length, so a file that opens has all of
/// its values; values are read on demand.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    /// <summary>The largest header that is read, in bytes; the limit of the format's own library.</summary>
    public const int LargestHeader = 100_000_000;
    private readonly SafeFileHandle handle;
    private readonly Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private long valuesStart;

    private SafeTensorsFile(string path)
    {
        FilePath = path;
        handle = File.OpenHandle(path);
    }

    /// <summary>The file's path.</summary>
    public string FilePath { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <summary>The texts of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="FileFormatException">It is no safetensors file, or it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var file = new SafeTensorsFile(path);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor's values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Receives as many values as the tensor has.</param>
    /// <exception cref="FileFormatException">
    /// There is no such tensor, or its type is not that of <typeparamref name="T"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not the tensor's.</exception>
    public void Read<T>(string name, Span<T> values)
        where T : unmanaged
    {
        if (!tensors.TryGetValue(name, out StoredTensor? tensor))
        {
            throw new FileFormatException(FilePath, SafeTensorsHeader.Start, $"no tensor '{name}'", "it in the header");
        }

        TensorType type = TensorTypes.Of<T>();
        if (tensor.Type != type)
        {
            throw new FileFormatException(FilePath, tensor.HeaderOffset, $"'{name}' of type {tensor.Type}", $"type {type}");
        }

        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length != tensor.End - tensor.Begin)
        {
            throw new ArgumentException(
                $"Tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}], not {values.Length} values.", nameof(values));
        }

        ReadBytes(valuesStart + tensor.Begin, bytes, $"the values of '{name}'");
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private void ReadHeader()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("safetensors files are read on little-endian machines only.");
        }

        long fileLength = FileLength();
        Span<byte> prefix = stackalloc byte[SafeTensorsHeader.Start];
        ReadBytes(0, prefix, "the header's length (8 bytes)");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader || (long)length > fileLength - prefix.Length)
        {
            string possible = length > LargestHeader
                ? $"at most {LargestHeader}, the format's limit (is it a safetensors file?)"
                : $"at most the {fileLength - prefix.Length} bytes that the file has left (is it truncated?)";
            throw new FileFormatException(FilePath, 0, $"a header of {length} bytes", possible);
        }

        byte[] header = new byte[length];
        ReadBytes(prefix.Length, header, "the header");
        if (header.Length == 0 || header[0] != (byte)'{')
        {
            throw new FileFormatException(
                FilePath, prefix.Length, header.Length == 0 ? "an empty header" : $"byte 0x{header[0]:x2}", "'{'");
        }

        SafeTensorsHeader.Read(FilePath, header, tensors, metadata);
        valuesStart = prefix.Length + header.Length;
        CheckLayout(fileLength - valuesStart);
    }

    private long FileLength()
    {
        try
        {
            return RandomAccess.GetLength(handle);
        }
        catch (NotSupportedException exception)
        {
            throw new IOException($"{FilePath} is a pipe or a device. Tensors are read from where they lie, so it must be a file.", exception);
        }
    }

    /// <summary>The format demands that tensors cover the values without gaps and overlaps.</summary>
    private void CheckLayout(long available)
    {
        long position = 0;
        foreach (StoredTensor tensor in tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != position)
            {
                string fault = tensor.Begin < position ? "overlaps the tensor before it" : "leaves a gap before it";
                throw new FileFormatException(
                    FilePath, tensor.HeaderOffset, $"'{tensor.Name}' at {tensor.Begin}, which {fault}", $"{position}");
            }

            if (tensor.End > available)
            {
                throw new FileFormatException(
                    FilePath,
                    tensor.HeaderOffset,
                    $"'{tensor.Name}' up to {tensor.End}",
                    $"at most the {available} bytes of values in the file (is it truncated?)");
            }

            position = tensor.End;
        }

        if (position != available)
        {
            throw new FileFormatException(
                FilePath, valuesStart + position, $"{available - position} more bytes", "the end of the file");
        }
    }

    private void ReadBytes(long offset, Span<byte> bytes, string what)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            int read = RandomAccess.Read(handle, bytes[done..], offset + done);
            if (read == 0)
            {
                throw new FileFormatException(FilePath, offset + done, "the end of the file", what);
            }

            done += read;
        }
    }
}

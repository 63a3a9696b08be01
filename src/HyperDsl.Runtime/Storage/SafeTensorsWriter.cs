using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HyperDsl.Storage;

/// <summary>
/// Collects named tensors and texts and writes them as a safetensors file: 8 bytes of header length, a JSON header, the values
/// in little-endian row-major order. The bytes depend on the content only, not on the order of calls: wider elements come
/// first, then names in ordinal order, and the header is padded with spaces so that values begin at a multiple of 8.
/// </summary>
public sealed class SafeTensorsWriter
{
    internal const string MetadataName = "__metadata__";
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);

    /// <summary>Texts stored in the header.</summary>
    public IDictionary<string, string> Metadata => metadata;

    /// <summary>Adds a tensor; the values are copied at once.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="shape">Its sizes, outermost first; none for a scalar.</param>
    /// <param name="values">As many values as the shape has, in row-major order.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved, or shape and values disagree.</exception>
    public void Add<T>(string name, IReadOnlyList<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        long count = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"Tensor '{name}' of shape [{string.Join(", ", shape)}] needs {count} values, not {values.Length}.",
                nameof(values));
        }

        if (name == MetadataName || entries.ContainsKey(name))
        {
            throw new ArgumentException($"A safetensors file cannot hold another tensor named '{name}'.", nameof(name));
        }

        entries.Add(name, new Entry(name, TensorTypes.Of<T>(), [.. shape], MemoryMarshal.AsBytes(values).ToArray()));
    }

    /// <summary>Writes the file atomically (<see cref="AtomicFile"/>).</summary>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the bytes of the file.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("safetensors files are written on little-endian machines only.");
        }

        List<Entry> ordered = [.. entries.Values];
        ordered.Sort((a, b) =>
        {
            int bySize = TensorTypes.Size(b.Type).CompareTo(TensorTypes.Size(a.Type));
            return bySize != 0 ? bySize : string.CompareOrdinal(a.Name, b.Name);
        });
        ReadOnlySpan<byte> header = Header(ordered);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (Entry entry in ordered)
        {
            stream.Write(entry.Bytes);
        }
    }

    private ReadOnlySpan<byte> Header(List<Entry> ordered)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (Entry entry in ordered)
            {
                WriteEntry(json, entry, offset);
                offset += entry.Bytes.Length;
            }

            json.WriteEndObject();
        }

        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan;
    }

    private static void WriteEntry(Utf8JsonWriter json, Entry entry, long offset)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type.ToString());
        json.WriteStartArray("shape");
        foreach (int size in entry.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + entry.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Entry(string Name, TensorType Type, int[] Shape, byte[] Bytes);
}

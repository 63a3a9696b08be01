using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace HyperDsl.Storage;

/// <summary>Reads the JSON header of a safetensors file token by token, so that every fault has a byte offset.</summary>
internal ref struct SafeTensorsHeader
{
    /// <summary>Where the header begins in the file.</summary>
    internal const int Start = 8;
    private readonly string file;
    private readonly ReadOnlySpan<byte> json;
    private Utf8JsonReader reader;

    private SafeTensorsHeader(string file, ReadOnlySpan<byte> json)
    {
        this.file = file;
        this.json = json;
        reader = new Utf8JsonReader(json);
    }

    /// <summary>Reads a header's tensors, with offsets relative to the values, and its texts.</summary>
    /// <exception cref="FileFormatException">It is no header.</exception>
    public static void Read(
        string file, ReadOnlySpan<byte> json, Dictionary<string, StoredTensor> tensors, Dictionary<string, string> metadata)
    {
        if (!Utf8.IsValid(json))
        {
            throw new FileFormatException(file, Start + FirstInvalid(json), "bytes that are not UTF-8", "a JSON header in UTF-8");
        }

        var header = new SafeTensorsHeader(file, json);
        try
        {
            header.ReadAll(tensors, metadata);
        }
        catch (JsonException exception)
        {
            throw new FileFormatException(
                file, Start + header.reader.BytesConsumed, $"faulty JSON ({exception.Message})", "a JSON header", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The reader's answer to escapes of half a surrogate pair.
            throw new FileFormatException(file, header.Position, "a text that is no Unicode", "a name or text", exception);
        }
    }

    private readonly long Position => Start + reader.TokenStartIndex;

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int position = 0;
        while (System.Text.Rune.DecodeFromUtf8(bytes[position..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }

    private void ReadAll(Dictionary<string, StoredTensor> tensors, Dictionary<string, string> metadata)
    {
        Next(JsonTokenType.StartObject, "the object of tensors");
        bool hasMetadata = false;
        while (NextName(out string name))
        {
            long position = Position;
            bool isMetadata = name == SafeTensorsWriter.MetadataName;
            if (isMetadata ? hasMetadata : tensors.ContainsKey(name))
            {
                throw new FileFormatException(file, position, $"a second entry '{name}'", "names that occur once");
            }

            if (isMetadata)
            {
                hasMetadata = true;
                ReadMetadata(metadata);
            }
            else
            {
                tensors.Add(name, ReadTensor(name));
            }
        }

        if (reader.Read())
        {
            throw new FileFormatException(file, Position, "another value", "the end of the header");
        }
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Next(JsonTokenType.StartObject, "an object of texts");
        while (NextName(out string key))
        {
            long position = Position;
            Next(JsonTokenType.String, $"a text for '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw new FileFormatException(file, position, $"a second text '{key}'", "names that occur once");
            }
        }
    }

    private StoredTensor ReadTensor(string name)
    {
        long position = Position;
        Next(JsonTokenType.StartObject, $"an object that describes '{name}'");
        TensorType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextName(out string property))
        {
            switch (property)
            {
                case "dtype" when type is null:
                    type = ReadType();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers("sizes");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers("two offsets");
                    break;
                default:
                    throw new FileFormatException(
                        file, Position, $"'{property}'", $"'dtype', 'shape' and 'data_offsets' once each for '{name}'");
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
        {
            throw new FileFormatException(
                file, position, $"an incomplete description of '{name}'", "'dtype', 'shape' and two 'data_offsets'");
        }

        return Checked(name, position, type.Value, shape, offsets);
    }

    private readonly StoredTensor Checked(string name, long position, TensorType type, List<long> shape, List<long> offsets)
    {
        long bytes = TensorTypes.Size(type);
        foreach (long size in shape)
        {
            if (size > int.MaxValue || (size > 0 && bytes > long.MaxValue / size))
            {
                throw new FileFormatException(
                    file,
                    position,
                    $"'{name}' of shape [{string.Join(", ", shape)}]",
                    "a tensor of less than 2^63 bytes with sizes below 2^31");
            }

            bytes *= size;
        }

        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
        {
            throw new FileFormatException(
                file,
                position,
                $"offsets {offsets[0]} to {offsets[1]} for '{name}'",
                string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes ({type}, [{string.Join(", ", shape)}])"));
        }

        return new StoredTensor(name, type, [.. shape.Select(size => (int)size)], offsets[0], offsets[1], position);
    }

    private TensorType ReadType()
    {
        Next(JsonTokenType.String, "an element type");
        string name = reader.GetString()!;
        return TensorTypes.Parse(name)
            ?? throw new FileFormatException(
                file, Position, $"element type '{name}'", $"one of {string.Join(", ", Enum.GetNames<TensorType>())}");
    }

    private List<long> ReadNumbers(string what)
    {
        Next(JsonTokenType.StartArray, $"an array of {what}");
        var numbers = new List<long>();
        while (true)
        {
            if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            {
                return numbers;
            }

            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw Unexpected($"{what}: integers from 0 to 2^63 - 1");
            }

            numbers.Add(number);
        }
    }

    private bool NextName(out string name)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndObject)
        {
            name = "";
            return false;
        }

        name = reader.GetString()!;
        return true;
    }

    private void Next(JsonTokenType type, string expected)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw Unexpected(expected);
        }
    }

    private readonly FileFormatException Unexpected(string expected)
    {
        int start = (int)reader.TokenStartIndex;
        ReadOnlySpan<byte> text = json.Slice(start, Math.Min(40, json.Length - start));
        string found = System.Text.Encoding.UTF8.GetString(text).Replace('\n', ' ');
        return new FileFormatException(file, Position, found.Length == 0 ? "the end of the header" : $"'{found}'", expected);
    }
}

using System.Buffers.Binary;
using System.Text;
using HyperDsl.Storage;

namespace HyperDsl.Tests.Storage;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        float[] floats = [1.5f, -0f, float.NaN, float.Epsilon, float.MaxValue, -3];
        double[] doubles = [Math.PI];
        long[] longs = [long.MinValue, 7];
        int[] ints = [1, -2, 3];
        byte[] bytes = [0, 255, 3];
        var writer = new SafeTensorsWriter { Metadata = { ["epoch"] = "3", ["quote\"\n"] = "ü€" } };
        writer.Add<byte>("bytes", [3], bytes);
        writer.Add<float>("a.weights", [2, 3], floats);
        writer.Add<double>("scalar", [], doubles);
        writer.Add<long>("longs", [2, 1], longs);
        writer.Add<int>("ganz€", [3], ints);
        writer.Add<float>("empty", [0, 5], []);
        writer.Save(folder.File("a.safetensors"));

        using var file = SafeTensorsFile.Open(folder.File("a.safetensors"));
        Assert.Equal(["a.weights", "bytes", "empty", "ganz€", "longs", "scalar"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(floats.Select(BitConverter.SingleToInt32Bits), Values<float>(file, "a.weights").Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(doubles, Values<double>(file, "scalar"));
        Assert.Equal(longs, Values<long>(file, "longs"));
        Assert.Equal(ints, Values<int>(file, "ganz€"));
        Assert.Equal(bytes, Values<byte>(file, "bytes"));
        Assert.Equal([2, 3], file.Tensors["a.weights"].Shape);
        Assert.Equal([0, 5], file.Tensors["empty"].Shape);
        Assert.Empty(file.Tensors["scalar"].Shape);
        Assert.Equal(2, file.Metadata.Count);
        Assert.Equal("ü€", file.Metadata["quote\"\n"]);
    }

    [Fact]
    public void Bytes_do_not_depend_on_the_order_of_calls()
    {
        var first = new SafeTensorsWriter { Metadata = { ["b"] = "2", ["a"] = "1" } };
        first.Add<float>("x", [1], [1f]);
        first.Add<byte>("aa", [1], [9]);
        first.Add<float>("b", [1], [2f]);
        var second = new SafeTensorsWriter { Metadata = { ["a"] = "1", ["b"] = "2" } };
        second.Add<byte>("aa", [1], [9]);
        second.Add<float>("b", [1], [2f]);
        second.Add<float>("x", [1], [1f]);
        Assert.Equal(Bytes(first), Bytes(second));
    }

    [Fact]
    public void Layout_is_that_of_the_format()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("x", [2], [1f, 2f]);
        byte[] bytes = Bytes(writer);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], bytes[(8 + length)..]);
    }

    [Fact]
    public void Names_are_unique_and_shapes_fit()
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("x", [1], [1f]);
        Assert.Throws<ArgumentException>(() => writer.Add<float>("x", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("__metadata__", [1], [1f]));
        Assert.Throws<ArgumentException>(() => writer.Add<float>("y", [2], [1f]));
        Assert.Throws<NotSupportedException>(() => writer.Add<Guid>("z", [], [default]));
    }

    // Each row: a header, bytes of values after it, words of the message.
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "leaves a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 more bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "12 bytes (F32, [3])")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "offsets 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "'-2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "'2.5]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", 8, "less than 2^63")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "integers from 0")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "element type 'F33'")]
    [InlineData("""{"a":{"dtype":"3","shape":[2],"data_offsets":[0,8]}}""", 8, "element type '3'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "incomplete")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, "incomplete")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "once each")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "second entry 'a'")]
    [InlineData("""{"__metadata__":{"k":"v","k":"w"}}""", 0, "second text 'k'")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "a text for 'k'")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "second entry '__metadata__'")]
    [InlineData("""{"a":[1]}""", 0, "an object that describes 'a'")]
    [InlineData("""{"a":{"dtype":"F32",""", 0, "faulty JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "no Unicode")]
    [InlineData("""{} {}""", 0, "faulty JSON")]
    [InlineData("""[]""", 0, "byte 0x5b")]
    [InlineData("", 0, "an empty header")]
    public void Damaged_files_are_refused(string header, int values, string words)
    {
        string path = WriteRaw(Encoding.UTF8.GetBytes(header), values);
        FileFormatException fault = Assert.Throws<FileFormatException>(() => SafeTensorsFile.Open(path));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Offset, 0, 8 + Encoding.UTF8.GetByteCount(header) + values);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_found_where_they_are()
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"aé""");
        header[^1] = (byte)'x';
        FileFormatException fault = Assert.Throws<FileFormatException>(() => SafeTensorsFile.Open(WriteRaw(header, 0)));
        Assert.Equal(8 + 3, fault.Offset);
    }

    [Theory]
    [InlineData(new byte[0], "the end of the file")]
    [InlineData(new byte[] { 1, 0, 0 }, "the end of the file")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "a header of 9 bytes, expected at most the 2 bytes that the file has left (is it truncated?).")]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, (byte)'{' }, "a header of 18446744073709551615 bytes, expected at most 100000000, the format's limit (is it a safetensors file?).")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, "a header of 9223372036854775808 bytes")]
    public void Impossible_header_lengths_are_refused(byte[] bytes, string words)
    {
        string path = folder.File("short", bytes);
        Assert.Contains(words, Assert.Throws<FileFormatException>(() => SafeTensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_checks_name_type_and_length()
    {
        string path = WriteRaw("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"""u8, 8);
        using var file = SafeTensorsFile.Open(path);
        Assert.Throws<FileFormatException>(() => file.Read<float>("b", new float[2]));
        Assert.Throws<FileFormatException>(() => file.Read<int>("a", new int[2]));
        Assert.Throws<ArgumentException>(() => file.Read<float>("a", new float[3]));
    }

    private string WriteRaw(ReadOnlySpan<byte> header, int values)
    {
        byte[] bytes = new byte[8 + header.Length + values];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes.AsSpan(8));
        return folder.File("raw.safetensors", bytes);
    }

    private static byte[] Bytes(SafeTensorsWriter writer)
    {
        var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static T[] Values<T>(SafeTensorsFile file, string name)
        where T : unmanaged
    {
        var values = new T[file.Tensors[name].Shape.Aggregate(1, (count, size) => count * size)];
        file.Read<T>(name, values);
        return values;
    }
}

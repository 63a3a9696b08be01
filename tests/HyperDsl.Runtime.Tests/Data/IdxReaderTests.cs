using System.Buffers.Binary;
using System.IO.Compression;
using HyperDsl.Data;
using HyperDsl.Storage;

namespace HyperDsl.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_plain_and_packed_files_whatever_their_name(bool packed)
    {
        byte[] pixels = [.. Enumerable.Range(0, 12).Select(value => (byte)value)];
        string images = Write("images", Idx(0x803, [2, 2, 3], pixels), packed);
        string labels = Write("labels", Idx(0x801, [2], [9, 0]), packed);
        LabelledImages set = IdxReader.Read(images, labels);
        Assert.Equal((2, 2, 3, 1, 10), (set.Count, set.Height, set.Width, set.Channels, set.Classes));
        Assert.Equal(pixels[6..], set.Image(1));
        Assert.Equal([9, 0], set.Labels);
    }

    [Fact]
    public void A_big_file_is_read_in_pieces()
    {
        byte[] pixels = new byte[3000 * 28 * 28];
        new Random(2).NextBytes(pixels);
        LabelledImages set = IdxReader.Read(
            Write("i", Idx(0x803, [3000, 28, 28], pixels), packed: true),
            Write("l", Idx(0x801, [3000], new byte[3000]), packed: true));
        Assert.Equal(pixels[^784..], set.Image(2999));
    }

    [Fact]
    public void Bad_images_are_refused_where_they_are_bad()
    {
        Refused(Idx(0x801, [2], [0, 0]), 0, "0x00000801", "0x00000803");
        Refused([0, 0], 2, "the end of the file", "the magic number");
        Refused(Idx(0x803, [2], []), 8, "the end of the file", "the height");
        Refused(Idx(0x803, [0, 2, 2], []), 4, "found 0", "the number of images");
        Refused(Idx(0x803, [-1, 2, 2], []), 4, "found 4294967295", "the number of images");
        Refused(Idx(0x803, [2, 2, 1 << 20], []), 12, "1048576", "the width");
        Refused(Idx(0x803, [2, 2, 2], new byte[7]), 16 + 7, "the end of the file", "2 images of 2×2");
        Refused(Idx(0x803, [2, 2, 2], new byte[9]), 16 + 8, "more bytes", "the end of the file after 2 images");
        Refused(Idx(0x803, [int.MaxValue, 16000, 16000], new byte[9]), 16, "2147483647 images", "at most");

        // A false count must not reserve the memory it claims.
        Refused(Idx(0x803, [2_000_000, 28, 28], new byte[9]), 16 + 9, "the end of the file", "2000000 images");
    }

    [Fact]
    public void Bad_labels_are_refused_where_they_are_bad()
    {
        RefusedLabels(Idx(0x803, [2, 1, 1], [0, 0]), 0, "0x00000803", "0x00000801");
        RefusedLabels(Idx(0x801, [3], [0, 0, 0]), 4, "3 labels", "2, one for each image");
        RefusedLabels(Idx(0x801, [2], [0]), 8 + 1, "the end of the file", "2 labels");
        RefusedLabels(Idx(0x801, [2], [0, 10]), 8 + 1, "label 10", "below 10");
        RefusedLabels(Idx(0x801, [2], [0, 1, 2]), 8 + 2, "more bytes", "the end");
    }

    [Fact]
    public void Damaged_and_cut_gzip_data_are_refused()
    {
        byte[] pixels = new byte[2000];
        new Random(3).NextBytes(pixels);
        byte[] packed = Gzip(Idx(0x803, [20, 10, 10], pixels));
        Refused(packed[..^100], null, "found", "expected");
        packed[200] ^= 0xff;
        packed[201] ^= 0x55;
        Refused(packed, null, "found", "expected");
    }

    [Fact]
    public void A_folder_is_read_by_the_usual_names_and_says_what_it_lacks()
    {
        Write("train-images-idx3-ubyte", Idx(0x803, [1, 1, 1], [5]), packed: false);
        Write("train-labels-idx1-ubyte.gz", Idx(0x801, [1], [1]), packed: true);
        FileNotFoundException missing = Assert.Throws<FileNotFoundException>(() => IdxReader.ReadFolder(folder.Root));
        Assert.Contains("t10k-images-idx3-ubyte", missing.Message, StringComparison.Ordinal);
        Write("t10k-images-idx3-ubyte.gz", Idx(0x803, [1, 1, 1], [6]), packed: true);
        Write("t10k-labels-idx1-ubyte", Idx(0x801, [1], [2]), packed: false);
        (LabelledImages train, LabelledImages test) = IdxReader.ReadFolder(folder.Root);
        Assert.Equal((5, 1, 6, 2), (train.Image(0)[0], train.Labels[0], test.Image(0)[0], test.Labels[0]));
    }

    [Fact]
    public void The_repositorys_own_data_is_whole()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "HyperDsl.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        (LabelledImages train, LabelledImages test) = IdxReader.ReadFolder(
            Path.Combine(root!, "samples", "data", "fashion-mnist-small"));
        Assert.Equal((5000, 1000, 28, 28), (train.Count, test.Count, train.Height, test.Width));
        Assert.Equal([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], train.Labels[..10]);
        Assert.Equal([9, 2, 1, 1, 6, 1, 4, 6, 5, 7], test.Labels[..10]);
    }

    [Fact]
    public void Cifar_records_become_interleaved_pixels()
    {
        byte[] record = new byte[3073];
        record[0] = 7;
        record[1] = 10;
        record[1 + 1024] = 20;
        record[1 + 2048] = 30;
        record[1 + 1023] = 11;
        LabelledImages set = CifarReader.Read(
            Write("a", record, packed: false), Write("b", [.. record, .. record], packed: true));
        Assert.Equal((3, 32, 32, 3, 7), (set.Count, set.Height, set.Width, set.Channels, set.Labels[2]));
        Assert.Equal((byte[])[10, 20, 30], set.Image(2)[..3]);
        Assert.Equal((byte[])[11, 0, 0], set.Image(2)[^3..]);

        FileFormatException cut = Assert.Throws<FileFormatException>(
            () => CifarReader.Read(Write("c", [.. record, 1, 2], packed: true)));
        Assert.Equal(3073, cut.Offset);
        record[0] = 10;
        FileFormatException label = Assert.Throws<FileFormatException>(
            () => CifarReader.Read(Write("d", [.. record], packed: false)));
        Assert.Equal((0, "label 10"), (label.Offset, label.Found));
        Assert.Throws<FileFormatException>(() => CifarReader.Read(Write("e", [], packed: false)));
    }

    [Fact]
    public void Parts_share_what_they_are_parts_of()
    {
        var set = new LabelledImages(1, 2, 1, 3, new byte[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 1, 2 });
        (LabelledImages first, LabelledImages others) = set.Split(1);
        Assert.Equal((byte[])[0, 1], first.Image(0));
        Assert.Equal((byte[])[4, 5], others.Image(1));
        Assert.Equal([1, 2], others.Labels);
        Assert.Equal(2, set.Take(2).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Take(4));
        Assert.Throws<ArgumentException>(() => new LabelledImages(1, 2, 1, 3, new byte[6], new[] { 0, 1, 3 }));
        Assert.Throws<ArgumentException>(() => new LabelledImages(1, 2, 1, 3, new byte[5], new[] { 0, 1, 2 }));
    }

    private void Refused(byte[] images, long? offset, string found, string expected)
    {
        string path = folder.File("images", images);
        string labels = Write("labels", Idx(0x801, [2], [0, 0]), packed: false);
        Check(Assert.Throws<FileFormatException>(() => IdxReader.Read(path, labels)), path, offset, found, expected);
    }

    private void RefusedLabels(byte[] labels, long offset, string found, string expected)
    {
        string images = Write("images", Idx(0x803, [2, 1, 1], [1, 2]), packed: false);
        string path = folder.File("labels", labels);
        Check(Assert.Throws<FileFormatException>(() => IdxReader.Read(images, path)), path, offset, found, expected);
    }

    private static void Check(FileFormatException fault, string path, long? offset, string found, string expected)
    {
        Assert.Equal(path, fault.File);
        Assert.Equal(offset ?? fault.Offset, fault.Offset);
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            expected, fault.Message[fault.Message.IndexOf("expected", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private string Write(string name, byte[] bytes, bool packed) => folder.File(name, packed ? Gzip(bytes) : bytes);

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Idx(int magic, int[] sizes, byte[] elements)
    {
        byte[] bytes = new byte[4 + (4 * sizes.Length) + elements.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, magic);
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * axis)), sizes[axis]);
        }

        elements.CopyTo(bytes, 4 + (4 * sizes.Length));
        return bytes;
    }
}

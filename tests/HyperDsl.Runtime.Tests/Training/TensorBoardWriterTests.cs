using System.Buffers.Binary;
using System.Numerics;
using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>RFC 3720, appendix B.4, and the check value of CRC-32C; masked as record_writer does: ((c >> 15) | (c << 17)) + 0xa282ead8.</summary>
    [Theory]
    [InlineData("313233343536373839", 0xe3069283u)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aau)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62a8ab43u)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46dd794eu)]
    public void Checks_are_those_of_the_standard_masked(string bytes, uint check) =>
        Assert.Equal(unchecked(((check >> 15) | (check << 17)) + 0xa282ead8u), EventFile.MaskedCheck(Convert.FromHexString(bytes)));

    /// <summary>The bytes of the first record written out by hand from the formats' definitions.</summary>
    [Fact]
    public void A_file_begins_with_its_version()
    {
        string path;
        using (TensorBoardWriter writer = TensorBoardWriter.Create(folder.Root, new Clock(1.5)))
        {
            path = writer.FilePath;
        }

        // wall_time (field 1, double) 1.5, step (field 2, varint) 0, file_version (field 3, bytes).
        byte[] message = [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x10, 0, 0x1a, 13, .. "brain.Event:2"u8];
        Assert.Equal(message, Records(path).Single());
        Assert.Equal("events.out.tfevents.0000000001.hyperdsl.000", Path.GetFileName(path));
    }

    [Fact]
    public void Values_are_summaries_of_simple_values()
    {
        string path;
        using (TensorBoardWriter writer = TensorBoardWriter.Create(folder.Root, new Clock(2)))
        {
            path = writer.FilePath;
            writer.Write("step", 300, ("loss", 1.5), ("rate", double.NaN));
        }

        byte[] first = [0x0a, 9, .. "step/loss"u8, 0x15, 0, 0, 0xc0, 0x3f];
        byte[] second = [0x0a, 9, .. "step/rate"u8, 0x15, 0, 0, 0xc0, 0xff];
        byte[] summary = [0x0a, (byte)first.Length, .. first, 0x0a, (byte)second.Length, .. second];
        byte[] message = [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xac, 0x02, 0x2a, (byte)summary.Length, .. summary];
        Assert.Equal(message, Records(path)[1]);
    }

    [Fact]
    public void A_resumed_run_writes_another_file_that_drops_later_steps()
    {
        using TensorBoardWriter first = TensorBoardWriter.Create(folder.Root, new Clock(2));
        first.Write("step", 9, ("loss", 1));
        string path;
        using (TensorBoardWriter second = TensorBoardWriter.Resume(folder.Root, 8, new Clock(2)))
        {
            path = second.FilePath;
            Assert.True(string.CompareOrdinal(first.FilePath, path) < 0);
        }

        // step 9, session_log (field 7) with status (field 1) START: events from step 9 on are forgotten.
        byte[] message = [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 9, 0x3a, 2, 0x08, 1];
        Assert.Equal(message, Records(path)[1]);
    }

    /// <summary>A finished run that goes on: its result stands at the step of the checkpoint, and is another one in the end.</summary>
    [Fact]
    public void A_resumed_run_drops_a_kind_from_all_files_and_leaves_every_other_byte()
    {
        string[] paths = new string[2];
        for (int file = 0; file < 2; file++)
        {
            using TensorBoardWriter writer = TensorBoardWriter.Create(folder.Root, new Clock(file));
            paths[file] = writer.FilePath;
            writer.Write("test", 300, ("bits", 1.5), ("error", 2));
            writer.Write("tests", 300, ("bits", 3));
            writer.Write("step", 300, ("test/bits", 4));
            writer.Write("test", 300);
        }

        byte[] half = [40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0x2a, 6, 0x0a, 4, 0x0a, 2, .. "test"u8];
        File.AppendAllBytes(paths[1], half);
        string foreign = folder.File("events.out.tfevents.0000000009.another.program", File.ReadAllBytes(paths[0]));
        byte[][] before = [.. paths.Select(File.ReadAllBytes)];
        int dropped = 16 + Records(paths[0])[1].Length;
        int first = 16 + Records(paths[0])[0].Length;
        using TensorBoardWriter resumed = TensorBoardWriter.Resume(folder.Root, 300, new Clock(5), without: "test");

        Assert.Equal(before[0], File.ReadAllBytes(foreign));
        Assert.All(paths.Zip(before), file => Assert.Equal(
            [.. file.Second[..first], .. file.Second[(first + dropped)..]], File.ReadAllBytes(file.First)));
    }

    [Fact]
    public void Files_without_anything_to_drop_are_not_written()
    {
        string path;
        using (TensorBoardWriter writer = TensorBoardWriter.Create(folder.Root, new Clock(1)))
        {
            path = writer.FilePath;
            writer.Write("step", 1, ("loss", 1));
        }

        DateTime old = new(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, old);
        TensorBoardWriter.Resume(folder.Root, 1, without: "test").Dispose();
        Assert.Equal(old, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_made_when_a_run_goes_on()
    {
        using TensorBoardWriter writer = TensorBoardWriter.Resume(Path.Combine(folder.Root, "new"), 1, without: "test");
        Assert.True(File.Exists(writer.FilePath));
    }

    /// <summary>Events of other programs: unknown fields of every type before the summary, and bytes that are no message at all.</summary>
    [Theory]
    [InlineData("2a0a0a080a06" + "746573742f62", true)]
    [InlineData("09000000000000000010ac021d0000000032020102" + "2a0a0a080a06" + "746573742f62", true)]
    [InlineData("0b2a0a0a080a06" + "746573742f62", false)]
    [InlineData("2aff0a080a06" + "746573742f62", false)]
    [InlineData("ffffffffffffffffffffff", false)]
    [InlineData("08", false)]
    [InlineData("", false)]
    public void Records_of_other_programs_are_understood_or_stay(string message, bool isDropped)
    {
        string path = folder.File("events");
        using (FileStream stream = File.Create(path))
        {
            EventFile.WriteRecord(stream, Convert.FromHexString(message));
        }

        EventFile.Drop(path, "test");
        Assert.Equal(isDropped, new FileInfo(path).Length == 0);
    }

    /// <summary>Takes the records out of their frames: length, its check, content, its check.</summary>
    private static List<byte[]> Records(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        List<byte[]> records = [];
        for (int place = 0; place < file.Length;)
        {
            ReadOnlySpan<byte> length = file.AsSpan(place, 8);
            Assert.Equal(Check(length), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place + 8)));
            int count = (int)BinaryPrimitives.ReadInt64LittleEndian(length);
            records.Add(file[(place + 12)..(place + 12 + count)]);
            Assert.Equal(Check(records[^1]), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place + 12 + count)));
            place += 16 + count;
        }

        return records;
    }

    /// <summary>CRC-32C bit by bit, by the reversed polynomial of RFC 3720.</summary>
    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint check = uint.MaxValue;
        foreach (byte value in bytes)
        {
            check ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                check = (check & 1) != 0 ? (check >> 1) ^ 0x82f63b78u : check >> 1;
            }
        }

        return unchecked(BitOperations.RotateRight(~check, 15) + 0xa282ead8u);
    }

    private sealed class Clock(double seconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
    }
}

using System.Buffers.Binary;
using System.Text;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace CharModel;

/// <summary>
/// The result on the test text among the measurements. It stands at the step of the last checkpoint, so a finished run that goes on keeps it
/// unless it is dropped, and would then have two.
/// </summary>
public static class TestRecord
{
    /// <summary>What was measured.</summary>
    public const string Kind = "test";

    /// <summary>The name of the result.</summary>
    public const string Value = "bits";

    // TFRecord: the content's length and its check before it, its own check behind.
    private const int HeadBytes = sizeof(ulong) + sizeof(uint);
    private const int TailBytes = sizeof(uint);

    /// <summary>Removes it from the metrics and from the event files of a run.</summary>
    /// <param name="folder">The run's files.</param>
    public static void Drop(RunFolder folder)
    {
        if (File.Exists(folder.Metrics))
        {
            DropLine(folder.Metrics);
        }

        foreach (string path in folder.EventFiles)
        {
            DropEvent(path);
        }
    }

    /// <summary>As <see cref="MetricsWriter"/> writes it: what was measured comes first.</summary>
    private static void DropLine(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] kept = [.. lines.Where(line => !line.StartsWith($"{{\"event\":\"{Kind}\",", StringComparison.Ordinal))];
        if (kept.Length < lines.Length)
        {
            AtomicFile.Write(path, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                Array.ForEach(kept, writer.WriteLine);
            });
        }
    }

    private static void DropEvent(string path)
    {
        byte[] events = File.ReadAllBytes(path);
        byte[] tag = Encoding.UTF8.GetBytes($"{Kind}/{Value}");
        var kept = new MemoryStream();
        int place = 0;
        while (RecordAt(events, place) is int bytes)
        {
            ReadOnlySpan<byte> record = events.AsSpan(place, bytes);
            kept.Write(record.IndexOf(tag) < 0 ? record : []);
            place += bytes;
        }

        // A run that was killed can leave half a record.
        kept.Write(events.AsSpan(place));
        if (kept.Length < events.Length)
        {
            AtomicFile.Write(path, kept.WriteTo);
        }
    }

    /// <summary>How many bytes a record takes; null where no whole one is left.</summary>
    private static int? RecordAt(byte[] events, int place)
    {
        long left = events.Length - place - HeadBytes - TailBytes;
        ulong length = left >= 0 ? BinaryPrimitives.ReadUInt64LittleEndian(events.AsSpan(place)) : 0;
        return left >= 0 && length <= (ulong)left ? (int)length + HeadBytes + TailBytes : null;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using HyperDsl.Storage;

namespace HyperDsl.Training;

/// <summary>
/// Records of an event file, framed as in TFRecord: length, its masked CRC-32C, content, its masked CRC-32C.
/// </summary>
internal static class EventFile
{
    private const int HeadBytes = sizeof(ulong) + sizeof(uint);
    private const int TailBytes = sizeof(uint);

    /// <summary>Writes one record and hands it to the operating system.</summary>
    public static void WriteRecord(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        Span<byte> check = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
        stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(check, MaskedCheck(length));
        stream.Write(check);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(check, MaskedCheck(content));
        stream.Write(check);
        stream.Flush();
    }

    /// <summary>
    /// Removes the measurements of a kind. What is no whole record, which a run that was killed can leave at the end, stays as it is.
    /// </summary>
    /// <param name="path">The file; it is written only if something is removed.</param>
    /// <param name="kind">As <see cref="TensorBoardWriter.Write"/> takes it.</param>
    public static void Drop(string path, string kind)
    {
        byte[] events = File.ReadAllBytes(path);
        byte[] prefix = Encoding.UTF8.GetBytes(kind + "/");
        var kept = new MemoryStream(events.Length);
        int place = 0;
        while (RecordAt(events, place) is int bytes)
        {
            ReadOnlySpan<byte> record = events.AsSpan(place, bytes);
            if (!IsOfKind(record[HeadBytes..^TailBytes], prefix))
            {
                kept.Write(record);
            }

            place += bytes;
        }

        kept.Write(events.AsSpan(place));
        if (kept.Length < events.Length)
        {
            AtomicFile.Write(path, kept.WriteTo);
        }
    }

    /// <summary>The CRC-32C, rotated and shifted as records have it.</summary>
    internal static uint MaskedCheck(ReadOnlySpan<byte> bytes)
    {
        uint check = uint.MaxValue;
        foreach (byte value in bytes)
        {
            check = BitOperations.Crc32C(check, value);
        }

        return BitOperations.RotateRight(~check, 15) + 0xa282ead8u;
    }

    /// <summary>How many bytes a record takes; null where no whole one is left.</summary>
    private static int? RecordAt(byte[] events, int place)
    {
        long left = events.Length - place - HeadBytes - TailBytes;
        ulong length = left >= 0 ? BinaryPrimitives.ReadUInt64LittleEndian(events.AsSpan(place)) : 0;
        return left >= 0 && length <= (ulong)left ? (int)length + HeadBytes + TailBytes : null;
    }

    /// <summary>Whether an event measures something of a kind. <see cref="TensorBoardWriter"/> gives all values of an event the same one.</summary>
    private static bool IsOfKind(ReadOnlySpan<byte> message, ReadOnlySpan<byte> prefix) =>
        ProtocolMessage.FirstIn(message, TensorBoardWriter.SummaryField, out ReadOnlySpan<byte> summary)
        && ProtocolMessage.FirstIn(summary, TensorBoardWriter.ValueField, out ReadOnlySpan<byte> value)
        && ProtocolMessage.FirstIn(value, TensorBoardWriter.TagField, out ReadOnlySpan<byte> tag)
        && tag.StartsWith(prefix);
}

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

    // Those of measurements are small; another program's picture is not.
    private const int LongestRecord = 1 << 30;

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
        byte[] prefix = Encoding.UTF8.GetBytes(kind + "/");
        if (Copy(path, prefix, Stream.Null))
        {
            AtomicFile.Write(path, target => Copy(path, prefix, target));
        }
    }

    /// <summary>Copies all but the measurements of a kind.</summary>
    /// <returns>Whether anything was left out.</returns>
    private static bool Copy(string path, byte[] prefix, Stream target)
    {
        using FileStream events = File.OpenRead(path);
        bool isLeftOut = false;
        while (NextRecord(events) is byte[] record)
        {
            if (IsOfKind(record.AsSpan(HeadBytes..^TailBytes), prefix))
            {
                isLeftOut = true;
            }
            else
            {
                target.Write(record);
            }
        }

        events.CopyTo(target);
        return isLeftOut;
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

    /// <summary>Reads a record with its frame; null, and nothing read, where no whole one is left.</summary>
    private static byte[]? NextRecord(FileStream events)
    {
        long start = events.Position;
        Span<byte> head = stackalloc byte[HeadBytes];
        long left = events.Length - start - HeadBytes - TailBytes;
        ulong length = left >= 0 && events.ReadAtLeast(head, HeadBytes) == HeadBytes ? BinaryPrimitives.ReadUInt64LittleEndian(head) : 0;
        events.Position = start;
        if (left < 0 || length > (ulong)Math.Min(left, LongestRecord))
        {
            return null;
        }

        byte[] record = new byte[(int)length + HeadBytes + TailBytes];
        events.ReadExactly(record);
        return record;
    }

    /// <summary>Whether an event measures something of a kind. <see cref="TensorBoardWriter"/> gives all values of an event the same one.</summary>
    private static bool IsOfKind(ReadOnlySpan<byte> message, ReadOnlySpan<byte> prefix) =>
        ProtocolMessage.TryFindBytes(message, TensorBoardWriter.SummaryField, out ReadOnlySpan<byte> summary)
        && ProtocolMessage.TryFindBytes(summary, TensorBoardWriter.ValueField, out ReadOnlySpan<byte> value)
        && ProtocolMessage.TryFindBytes(value, TensorBoardWriter.TagField, out ReadOnlySpan<byte> tag)
        && tag.StartsWith(prefix);
}

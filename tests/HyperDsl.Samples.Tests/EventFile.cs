using System.Buffers.Binary;
using System.Text;

namespace HyperDsl.Samples.Tests;

/// <summary>Reads event files of TensorBoard, as tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto define them.</summary>
internal static class EventFile
{
    private const int StepField = 2, SummaryField = 5, ValueField = 1, TagField = 1, SimpleValueField = 2;

    /// <summary>The values of all event files of a folder, in the order in which they were written.</summary>
    public static List<(string Tag, long Step, float Value)> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).SelectMany(Read)];

    private static IEnumerable<(string Tag, long Step, float Value)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        for (int place = 0; place < file.Length;)
        {
            // A record: length, its check, content, its check.
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(place));
            List<(int Field, ulong Number, byte[] Bytes)> fields = Fields(file[(place + 12)..(place + 12 + length)]);
            long step = (long)fields.Single(field => field.Field == StepField).Number;
            foreach (byte[] value in fields.Where(field => field.Field == SummaryField)
                .SelectMany(summary => Fields(summary.Bytes)).Where(field => field.Field == ValueField).Select(field => field.Bytes))
            {
                List<(int Field, ulong Number, byte[] Bytes)> parts = Fields(value);
                yield return (
                    Encoding.UTF8.GetString(parts.Single(part => part.Field == TagField).Bytes),
                    step,
                    BitConverter.UInt32BitsToSingle((uint)parts.Single(part => part.Field == SimpleValueField).Number));
            }

            place += 16 + length;
        }
    }

    /// <summary>The fields of a protobuf message.</summary>
    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[])> fields = [];
        for (int place = 0; place < message.Length;)
        {
            ulong tag = Varint(message, ref place);
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((field, Varint(message, ref place), []));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(place)), []));
                    place += sizeof(ulong);
                    break;
                case 2:
                    int length = (int)Varint(message, ref place);
                    fields.Add((field, 0, message[place..(place + length)]));
                    place += length;
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(place)), []));
                    place += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"Protobuf has no wire type {tag & 7}.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int place)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[place++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}

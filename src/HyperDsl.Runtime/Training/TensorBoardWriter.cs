using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace HyperDsl.Training;

/// <summary>
/// Writes measurements as an event file of TensorBoard: records framed as in TFRecord (length, its masked CRC-32C, bytes, their masked
/// CRC-32C), each a protobuf message <c>Event</c> with a <c>Summary</c> of simple values. Show them by <c>tensorboard --logdir FOLDER</c>.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    // Field numbers of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
    private const int WallTimeField = 1, StepField = 2, FileVersionField = 3, SummaryField = 5, SessionLogField = 7;
    private const int ValueField = 1, TagField = 1, SimpleValueField = 2, StatusField = 1;
    private const int SessionStarts = 1;
    private readonly FileStream stream;
    private readonly TimeProvider clock;

    private TensorBoardWriter(string folder, TimeProvider clock)
    {
        this.clock = clock;
        Directory.CreateDirectory(folder);
        FilePath = NewFile(folder, clock.GetUtcNow().ToUnixTimeSeconds());
        stream = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        WriteEvent(0, message => message.Text(FileVersionField, "brain.Event:2"));
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Begins a file in a folder; files that are there stay.</summary>
    /// <param name="folder">Made if needed.</param>
    /// <param name="clock">Where the time of events comes from; the system when not given.</param>
    public static TensorBoardWriter Create(string folder, TimeProvider? clock = null) => new(folder, clock ?? TimeProvider.System);

    /// <summary>
    /// Goes on with an interrupted run in a further file, which tells TensorBoard to forget what was written after
    /// <paramref name="step"/>.
    /// </summary>
    /// <param name="folder">Made if needed.</param>
    /// <param name="step">The step of the checkpoint from which the run goes on.</param>
    /// <param name="clock">Where the time of events comes from; the system when not given.</param>
    public static TensorBoardWriter Resume(string folder, long step, TimeProvider? clock = null)
    {
        TensorBoardWriter writer = Create(folder, clock);
        writer.WriteEvent(step + 1, message => message.Message(SessionLogField, log => log.Number(StatusField, SessionStarts)));
        return writer;
    }

    /// <summary>Writes one event and hands it to the operating system.</summary>
    /// <param name="kind">What was measured, such as <c>step</c> or <c>epoch</c>; comes before the names: <c>epoch/loss</c>.</param>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="values">Names and values; what is not finite is written as such.</param>
    public void Write(string kind, long step, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var summary = new ProtocolMessage();
        foreach ((string name, double value) in values)
        {
            summary.Message(ValueField, item =>
            {
                item.Text(TagField, $"{kind}/{name}");
                item.Single(SimpleValueField, (float)value);
            });
        }

        WriteEvent(step, message => message.Bytes(SummaryField, summary.Content));
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

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

    private static string NewFile(string folder, long seconds)
    {
        for (int number = 0; ; number++)
        {
            // TensorBoard reads the files of a folder in the order of their names.
            string path = Path.Combine(
                folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.hyperdsl.{number:D3}"));
            if (!File.Exists(path))
            {
                return path;
            }
        }
    }

    private void WriteEvent(long step, Action<ProtocolMessage> content)
    {
        var message = new ProtocolMessage();
        message.Double(WallTimeField, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.Number(StepField, (ulong)step);
        content(message);
        WriteRecord(message.Content);
    }

    private void WriteRecord(ReadOnlySpan<byte> content)
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

    /// <summary>The bytes of a protobuf message, written field by field.</summary>
    private sealed class ProtocolMessage
    {
        private const int VarintType = 0, Fixed64Type = 1, BytesType = 2, Fixed32Type = 5;
        private readonly MemoryStream content = new();

        public ReadOnlySpan<byte> Content => content.GetBuffer().AsSpan(0, (int)content.Length);

        public void Number(int field, ulong value)
        {
            Tag(field, VarintType);
            Varint(value);
        }

        public void Double(int field, double value)
        {
            Tag(field, Fixed64Type);
            Span<byte> bytes = stackalloc byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            content.Write(bytes);
        }

        public void Single(int field, float value)
        {
            Tag(field, Fixed32Type);
            Span<byte> bytes = stackalloc byte[sizeof(float)];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            content.Write(bytes);
        }

        public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public void Message(int field, Action<ProtocolMessage> inner)
        {
            var message = new ProtocolMessage();
            inner(message);
            Bytes(field, message.Content);
        }

        public void Bytes(int field, ReadOnlySpan<byte> value)
        {
            Tag(field, BytesType);
            Varint((ulong)value.Length);
            content.Write(value);
        }

        private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                content.WriteByte((byte)(value | 0x80));
            }

            content.WriteByte((byte)value);
        }
    }
}

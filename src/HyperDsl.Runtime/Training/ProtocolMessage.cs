using System.Buffers.Binary;
using System.Text;

namespace HyperDsl.Training;

/// <summary>The bytes of a protobuf message: written field by field, and searched for a field.</summary>
internal sealed class ProtocolMessage
{
    private const int VarintType = 0, Fixed64Type = 1, BytesType = 2, Fixed32Type = 5;
    private const int TypeBits = 3;
    private readonly MemoryStream content = new();

    public ReadOnlySpan<byte> Content => content.GetBuffer().AsSpan(0, (int)content.Length);

    /// <summary>The first text or message that a message holds under a number.</summary>
    public static bool TryFindBytes(ReadOnlySpan<byte> message, int field, out ReadOnlySpan<byte> value)
    {
        while (Next(ref message, out ulong key, out value))
        {
            if (key == Key(field, BytesType))
            {
                return true;
            }
        }

        return false;
    }

    public void Number(int field, ulong value)
    {
        Varint(Key(field, VarintType));
        Varint(value);
    }

    public void Double(int field, double value)
    {
        Varint(Key(field, Fixed64Type));
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        content.Write(bytes);
    }

    public void Single(int field, float value)
    {
        Varint(Key(field, Fixed32Type));
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
        Varint(Key(field, BytesType));
        Varint((ulong)value.Length);
        content.Write(value);
    }

    private static ulong Key(int field, int type) => (ulong)((field << TypeBits) | type);

    /// <summary>Takes a field off the front; false at the end, and where what is left is no field.</summary>
    private static bool Next(scoped ref ReadOnlySpan<byte> message, out ulong key, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TakeVarint(ref message, out key))
        {
            return false;
        }

        int type = (int)(key & ((1 << TypeBits) - 1));
        ulong bytes = type == Fixed64Type ? sizeof(double) : type == Fixed32Type ? sizeof(float) : 0ul;
        bool isKnown = type switch
        {
            VarintType => TakeVarint(ref message, out _),
            BytesType => TakeVarint(ref message, out bytes),
            _ => bytes > 0,
        };
        if (!isKnown || bytes > (ulong)message.Length)
        {
            return false;
        }

        value = message[..(int)bytes];
        message = message[(int)bytes..];
        return true;
    }

    private static bool TakeVarint(scoped ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (int shift = 0; !message.IsEmpty && shift < 64; shift += 7)
        {
            byte next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            content.WriteByte((byte)(value | 0x80));
        }

        content.WriteByte((byte)value);
    }
}

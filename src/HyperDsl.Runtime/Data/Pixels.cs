using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Data;

/// <summary>Conversions of pixels.</summary>
internal static class Pixels
{
    /// <summary>The same numbers in single precision.</summary>
    public static void ToSingle(ReadOnlySpan<byte> bytes, Span<float> result)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        ref float target = ref MemoryMarshal.GetReference(result[..bytes.Length]);
        int whole = bytes.Length & ~15;
        for (int index = 0; index < whole; index += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)index));
            (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(Vector256.Create(low, high));
            Vector512.ConvertToSingle(Vector512.Create(first, second).AsInt32()).StoreUnsafe(ref target, (nuint)index);
        }

        for (int index = whole; index < bytes.Length; index++)
        {
            result[index] = bytes[index];
        }
    }

    /// <summary>Exchanges left and right in a row of pixels.</summary>
    public static void Mirror(Span<float> row, int channels)
    {
        row.Reverse();
        for (int start = 0; channels > 1 && start < row.Length; start += channels)
        {
            row.Slice(start, channels).Reverse();
        }
    }
}

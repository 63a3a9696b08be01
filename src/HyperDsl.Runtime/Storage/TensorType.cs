namespace HyperDsl.Storage;

/// <summary>Element types of the safetensors format, by the names they have in its header.</summary>
public enum TensorType
{
    /// <summary>64-bit IEEE float.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,

    /// <summary>32-bit IEEE float.</summary>
    F32,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>16-bit IEEE float.</summary>
    F16,

    /// <summary>The upper half of a 32-bit IEEE float.</summary>
    BF16,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>Signed byte.</summary>
    I8,

    /// <summary>Unsigned byte.</summary>
    U8,

    /// <summary>A truth value in a byte.</summary>
    BOOL,
}

/// <summary>What the format says of element types.</summary>
internal static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        _ => 1,
    };

    /// <summary>The type stored for a C# type.</summary>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    public static TensorType Of<T>()
        where T : unmanaged
    {
        return default(T) switch
        {
            double => TensorType.F64,
            long => TensorType.I64,
            ulong => TensorType.U64,
            float => TensorType.F32,
            int => TensorType.I32,
            uint => TensorType.U32,
            Half => TensorType.F16,
            short => TensorType.I16,
            ushort => TensorType.U16,
            sbyte => TensorType.I8,
            byte => TensorType.U8,
            bool => TensorType.BOOL,
            _ => throw new NotSupportedException($"safetensors files cannot hold elements of type {typeof(T).Name}."),
        };
    }

    /// <summary>The type of a name in a header; null when there is none.</summary>
    public static TensorType? Parse(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && Enum.TryParse(name, ignoreCase: false, out TensorType type) ? type : null;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// A block of accumulators held in registers. The implementations are flat structs of a few named fields, because only those
/// are promoted to registers; nesting them deeper than once, arrays and stackalloc are kept in memory.
/// </summary>
internal unsafe interface ITile<T>
    where T : unmanaged
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>Vectors in each row, 1 or 2.</summary>
    static abstract int Panels { get; }

    /// <summary>Adds the outer product of the scalars <c>a[offset], a[rows.Row1 + offset] …</c> with the vectors b0 and b1.</summary>
    void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1);

    /// <summary>
    /// As <see cref="MultiplyAdd"/>, with scalars as operands of the multiply-adds, which saves an instruction for each of them. Those of
    /// the second panel are read through <paramref name="again"/>, another variable for the same place: through the same one the compiler
    /// would see a common value, and load it into a register.
    /// </summary>
    void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1);

    /// <summary>Writes the block to rows that lie <paramref name="row"/> elements apart.</summary>
    void Store(T* c, nint row);

    /// <summary>Adds the block to rows that lie <paramref name="row"/> elements apart.</summary>
    void Add(T* c, nint row);
}

/// <summary>A block without rows.</summary>
internal unsafe struct NoRows<T> : ITile<T>
    where T : unmanaged
{
    public static int Rows => 0;

    public static int Panels => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
    }
}

/// <summary>
/// One block of a product: C[r, j] = Σ over outer, inner of A[r; outer, inner] · B[outer, inner; j]. Strides are in elements.
/// The upper half of the rows begins at <see cref="A"/>, the lower half at A + <see cref="ASplit"/>; within a half rows lie
/// <see cref="ARow"/> apart. Rows of C lie <see cref="CRow"/> apart throughout.
/// </summary>
internal unsafe struct TileTask<T>
    where T : unmanaged
{
    public int Outer;
    public int Inner;
    public T* A;
    public nint ARow;
    public nint ASplit;
    public nint AInner;
    public nint AOuter;

    /// <summary>Whether the rows of A are packed in strips, [strip][inner][row], with an <see cref="ARow"/> of 1.</summary>
    public bool PackedA;
    public T* B;
    public nint BPanel;
    public nint BInner;
    public nint BOuter;

    /// <summary>What is to be fetched from far memory meanwhile; only packed panels come from there.</summary>
    public T* Fetch;

    /// <summary>Elements by which <see cref="Fetch"/> advances with each inner step; 0 where nothing is to be fetched.</summary>
    public nint FetchStep;

    public T* C;
    public nint CRow;
    public bool Accumulate;
}

/// <summary>
/// Where rows of A lie, in elements: those of a tile behind its first, and the first rows of the second to fourth tile behind that of
/// the first.
/// </summary>
internal readonly struct RowOffsets(nint row, nint second, nint third, nint fourth)
{
    public readonly nint Row1 = row;
    public readonly nint Row2 = 2 * row;
    public readonly nint Row3 = 3 * row;
    public readonly nint Second = second;
    public readonly nint Third = third;
    public readonly nint Fourth = fourth;
}

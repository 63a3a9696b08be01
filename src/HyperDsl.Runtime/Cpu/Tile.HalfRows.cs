using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// As <see cref="ITile{T}"/> for processors whose vectors have 256 bits: rows of one panel, each held as two halves. Named fields of
/// the processor's own type are kept in registers; a <see cref="Vector512{T}"/> that the processor does not have is not.
/// </summary>
internal unsafe interface IHalfTile<T>
    where T : unmanaged
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>
    /// Adds the outer product of the scalars <c>a[row0 + offset], a[row1 + offset], a[row2 + offset]</c> with the two halves of a panel's
    /// row. One pointer and an index for each row: so the compiler makes the offset a part of each address.
    /// </summary>
    void MultiplyAdd(T* a, nint row0, nint row1, nint row2, nint offset, Vector256<T> low, Vector256<T> high);

    /// <summary>Writes the block to rows that lie <paramref name="row"/> elements apart.</summary>
    void Store(T* c, nint row);

    /// <summary>Adds the block to rows that lie <paramref name="row"/> elements apart.</summary>
    void Add(T* c, nint row);
}

/// <summary>Two halves of no row.</summary>
internal unsafe struct NoHalfRows<T> : IHalfTile<T>
    where T : unmanaged
{
    public static int Rows => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void MultiplyAdd(T* a, nint row0, nint row1, nint row2, nint offset, Vector256<T> low, Vector256<T> high)
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

/// <summary>Accumulators of 1 row, in halves.</summary>
internal unsafe struct HalfRows1<T> : IHalfTile<T>
    where T : unmanaged
{
    private Vector256<T> c0Low, c0High;

    public static int Rows => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, nint row0, nint row1, nint row2, nint offset, Vector256<T> low, Vector256<T> high)
    {
        var a0 = Vector256.Create(a[row0 + offset]);
        c0Low = VectorMath.FusedMultiplyAdd(a0, low, c0Low);
        c0High = VectorMath.FusedMultiplyAdd(a0, high, c0High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0Low.Store(c);
        c0High.Store(c + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector256.Load(c) + c0Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c0High).Store(c + Vector256<T>.Count);
    }
}

/// <summary>Accumulators of 2 rows, in halves.</summary>
internal unsafe struct HalfRows2<T> : IHalfTile<T>
    where T : unmanaged
{
    private Vector256<T> c0Low, c0High, c1Low, c1High;

    public static int Rows => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, nint row0, nint row1, nint row2, nint offset, Vector256<T> low, Vector256<T> high)
    {
        var a0 = Vector256.Create(a[row0 + offset]);
        c0Low = VectorMath.FusedMultiplyAdd(a0, low, c0Low);
        c0High = VectorMath.FusedMultiplyAdd(a0, high, c0High);
        var a1 = Vector256.Create(a[row1 + offset]);
        c1Low = VectorMath.FusedMultiplyAdd(a1, low, c1Low);
        c1High = VectorMath.FusedMultiplyAdd(a1, high, c1High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0Low.Store(c);
        c0High.Store(c + Vector256<T>.Count);
        c += row;
        c1Low.Store(c);
        c1High.Store(c + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector256.Load(c) + c0Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c0High).Store(c + Vector256<T>.Count);
        c += row;
        (Vector256.Load(c) + c1Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c1High).Store(c + Vector256<T>.Count);
    }
}

/// <summary>Accumulators of 3 rows, in halves.</summary>
internal unsafe struct HalfRows3<T> : IHalfTile<T>
    where T : unmanaged
{
    private Vector256<T> c0Low, c0High, c1Low, c1High, c2Low, c2High;

    public static int Rows => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, nint row0, nint row1, nint row2, nint offset, Vector256<T> low, Vector256<T> high)
    {
        var a0 = Vector256.Create(a[row0 + offset]);
        c0Low = VectorMath.FusedMultiplyAdd(a0, low, c0Low);
        c0High = VectorMath.FusedMultiplyAdd(a0, high, c0High);
        var a1 = Vector256.Create(a[row1 + offset]);
        c1Low = VectorMath.FusedMultiplyAdd(a1, low, c1Low);
        c1High = VectorMath.FusedMultiplyAdd(a1, high, c1High);
        var a2 = Vector256.Create(a[row2 + offset]);
        c2Low = VectorMath.FusedMultiplyAdd(a2, low, c2Low);
        c2High = VectorMath.FusedMultiplyAdd(a2, high, c2High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0Low.Store(c);
        c0High.Store(c + Vector256<T>.Count);
        c += row;
        c1Low.Store(c);
        c1High.Store(c + Vector256<T>.Count);
        c += row;
        c2Low.Store(c);
        c2High.Store(c + Vector256<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector256.Load(c) + c0Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c0High).Store(c + Vector256<T>.Count);
        c += row;
        (Vector256.Load(c) + c1Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c1High).Store(c + Vector256<T>.Count);
        c += row;
        (Vector256.Load(c) + c2Low).Store(c);
        (Vector256.Load(c + Vector256<T>.Count) + c2High).Store(c + Vector256<T>.Count);
    }
}

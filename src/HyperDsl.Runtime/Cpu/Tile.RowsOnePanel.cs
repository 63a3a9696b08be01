using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Accumulators of 1 row and 1 panel.</summary>
internal unsafe struct Rows1x1<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c0;

    public static int Rows => 1;

    public static int Panels => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c0 = VectorMath.FusedMultiplyAdd(a0, b0, c0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
        => MultiplyAdd(a, rows, offset, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0.Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c0).Store(c);
    }
}

/// <summary>Accumulators of 2 rows and 1 panel.</summary>
internal unsafe struct Rows2x1<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c0, c1;

    public static int Rows => 2;

    public static int Panels => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c0 = VectorMath.FusedMultiplyAdd(a0, b0, c0);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c1 = VectorMath.FusedMultiplyAdd(a1, b0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
        => MultiplyAdd(a, rows, offset, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0.Store(c);
        c += row;
        c1.Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c0).Store(c);
        c += row;
        (Vector512.Load(c) + c1).Store(c);
    }
}

/// <summary>Accumulators of 3 rows and 1 panel.</summary>
internal unsafe struct Rows3x1<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c0, c1, c2;

    public static int Rows => 3;

    public static int Panels => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c0 = VectorMath.FusedMultiplyAdd(a0, b0, c0);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c1 = VectorMath.FusedMultiplyAdd(a1, b0, c1);
        var a2 = Vector512.Create(a[rows.Row2 + offset]);
        c2 = VectorMath.FusedMultiplyAdd(a2, b0, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
        => MultiplyAdd(a, rows, offset, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0.Store(c);
        c += row;
        c1.Store(c);
        c += row;
        c2.Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c0).Store(c);
        c += row;
        (Vector512.Load(c) + c1).Store(c);
        c += row;
        (Vector512.Load(c) + c2).Store(c);
    }
}

/// <summary>Accumulators of 4 rows and 1 panel.</summary>
internal unsafe struct Rows4x1<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c0, c1, c2, c3;

    public static int Rows => 4;

    public static int Panels => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c0 = VectorMath.FusedMultiplyAdd(a0, b0, c0);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c1 = VectorMath.FusedMultiplyAdd(a1, b0, c1);
        var a2 = Vector512.Create(a[rows.Row2 + offset]);
        c2 = VectorMath.FusedMultiplyAdd(a2, b0, c2);
        var a3 = Vector512.Create(a[rows.Row3 + offset]);
        c3 = VectorMath.FusedMultiplyAdd(a3, b0, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
        => MultiplyAdd(a, rows, offset, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c0.Store(c);
        c += row;
        c1.Store(c);
        c += row;
        c2.Store(c);
        c += row;
        c3.Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c0).Store(c);
        c += row;
        (Vector512.Load(c) + c1).Store(c);
        c += row;
        (Vector512.Load(c) + c2).Store(c);
        c += row;
        (Vector512.Load(c) + c3).Store(c);
    }
}

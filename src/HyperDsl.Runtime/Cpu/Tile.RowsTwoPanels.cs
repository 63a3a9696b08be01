using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Accumulators of 1 row and 2 panels.</summary>
internal unsafe struct Rows1x2<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c00, c01;

    public static int Rows => 1;

    public static int Panels => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c00 = VectorMath.FusedMultiplyAdd(a0, b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(a0, b1, c01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        c00 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[offset]), b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[offset]), b1, c01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c00).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c01).Store(c + Vector512<T>.Count);
    }
}

/// <summary>Accumulators of 2 rows and 2 panels.</summary>
internal unsafe struct Rows2x2<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c00, c01, c10, c11;

    public static int Rows => 2;

    public static int Panels => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c00 = VectorMath.FusedMultiplyAdd(a0, b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(a0, b1, c01);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c10 = VectorMath.FusedMultiplyAdd(a1, b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(a1, b1, c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        c00 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[offset]), b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[offset]), b1, c01);
        c10 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row1 + offset]), b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row1 + offset]), b1, c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
        c += row;
        c10.Store(c);
        c11.Store(c + Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c00).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c01).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c10).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c11).Store(c + Vector512<T>.Count);
    }
}

/// <summary>Accumulators of 3 rows and 2 panels.</summary>
internal unsafe struct Rows3x2<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c00, c01, c10, c11, c20, c21;

    public static int Rows => 3;

    public static int Panels => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c00 = VectorMath.FusedMultiplyAdd(a0, b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(a0, b1, c01);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c10 = VectorMath.FusedMultiplyAdd(a1, b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(a1, b1, c11);
        var a2 = Vector512.Create(a[rows.Row2 + offset]);
        c20 = VectorMath.FusedMultiplyAdd(a2, b0, c20);
        c21 = VectorMath.FusedMultiplyAdd(a2, b1, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        c00 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[offset]), b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[offset]), b1, c01);
        c10 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row1 + offset]), b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row1 + offset]), b1, c11);
        c20 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row2 + offset]), b0, c20);
        c21 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row2 + offset]), b1, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
        c += row;
        c10.Store(c);
        c11.Store(c + Vector512<T>.Count);
        c += row;
        c20.Store(c);
        c21.Store(c + Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c00).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c01).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c10).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c11).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c20).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c21).Store(c + Vector512<T>.Count);
    }
}

/// <summary>Accumulators of 4 rows and 2 panels.</summary>
internal unsafe struct Rows4x2<T> : ITile<T>
    where T : unmanaged
{
    private Vector512<T> c00, c01, c10, c11, c20, c21, c30, c31;

    public static int Rows => 4;

    public static int Panels => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(T* a, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        var a0 = Vector512.Create(a[offset]);
        c00 = VectorMath.FusedMultiplyAdd(a0, b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(a0, b1, c01);
        var a1 = Vector512.Create(a[rows.Row1 + offset]);
        c10 = VectorMath.FusedMultiplyAdd(a1, b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(a1, b1, c11);
        var a2 = Vector512.Create(a[rows.Row2 + offset]);
        c20 = VectorMath.FusedMultiplyAdd(a2, b0, c20);
        c21 = VectorMath.FusedMultiplyAdd(a2, b1, c21);
        var a3 = Vector512.Create(a[rows.Row3 + offset]);
        c30 = VectorMath.FusedMultiplyAdd(a3, b0, c30);
        c31 = VectorMath.FusedMultiplyAdd(a3, b1, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAddFromMemory(T* a, T* again, in RowOffsets rows, nint offset, Vector512<T> b0, Vector512<T> b1)
    {
        c00 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[offset]), b0, c00);
        c01 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[offset]), b1, c01);
        c10 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row1 + offset]), b0, c10);
        c11 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row1 + offset]), b1, c11);
        c20 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row2 + offset]), b0, c20);
        c21 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row2 + offset]), b1, c21);
        c30 = VectorMath.FusedMultiplyAdd(Vector512.Create(a[rows.Row3 + offset]), b0, c30);
        c31 = VectorMath.FusedMultiplyAdd(Vector512.Create(again[rows.Row3 + offset]), b1, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* c, nint row)
    {
        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
        c += row;
        c10.Store(c);
        c11.Store(c + Vector512<T>.Count);
        c += row;
        c20.Store(c);
        c21.Store(c + Vector512<T>.Count);
        c += row;
        c30.Store(c);
        c31.Store(c + Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(T* c, nint row)
    {
        (Vector512.Load(c) + c00).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c01).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c10).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c11).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c20).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c21).Store(c + Vector512<T>.Count);
        c += row;
        (Vector512.Load(c) + c30).Store(c);
        (Vector512.Load(c + Vector512<T>.Count) + c31).Store(c + Vector512<T>.Count);
    }
}

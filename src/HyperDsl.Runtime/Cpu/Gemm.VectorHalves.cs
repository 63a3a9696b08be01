using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Products with one or two rows where vectors have 256 bits: 8 accumulators, as in the wider form.</summary>
public static unsafe partial class Gemm
{
    private static void MultiplyHalves<T>(int m, in TileTask<T> task)
        where T : unmanaged
    {
        if (m == 1)
        {
            OneRowFourPanels(task);
        }
        else
        {
            TwoRowsTwoPanels(task);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRowFourPanels<T>(in TileTask<T> task)
        where T : unmanaged
    {
        Vector256<T> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        var half = Vector256<T>.Count;
        var a = task.A;
        var b = task.B;
        var (aInner, bInner, panel) = (task.AInner, task.BInner, task.BPanel);
        var k = task.Inner;
        do
        {
            var scalar = Vector256.Create(*a);
            c0 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b), c0);
            c1 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + half), c1);
            c2 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + panel), c2);
            c3 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + panel + half), c3);
            c4 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + (2 * panel)), c4);
            c5 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + (2 * panel) + half), c5);
            c6 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + (3 * panel)), c6);
            c7 = VectorMath.FusedMultiplyAdd(scalar, Vector256.Load(b + (3 * panel) + half), c7);
            a += aInner;
            b += bInner;
        }
        while (--k > 0);
        WriteFour(c0, c1, c2, c3, task.C, task.Accumulate);
        WriteFour(c4, c5, c6, c7, task.C + (4 * half), task.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRowsTwoPanels<T>(in TileTask<T> task)
        where T : unmanaged
    {
        Vector256<T> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        var half = Vector256<T>.Count;
        var a = task.A;
        var b = task.B;
        var (row, aInner, bInner, panel) = (task.ARow, task.AInner, task.BInner, task.BPanel);
        var k = task.Inner;
        do
        {
            var (first, second) = (Vector256.Create(*a), Vector256.Create(a[row]));
            var b0 = Vector256.Load(b);
            c0 = VectorMath.FusedMultiplyAdd(first, b0, c0);
            d0 = VectorMath.FusedMultiplyAdd(second, b0, d0);
            var b1 = Vector256.Load(b + half);
            c1 = VectorMath.FusedMultiplyAdd(first, b1, c1);
            d1 = VectorMath.FusedMultiplyAdd(second, b1, d1);
            var b2 = Vector256.Load(b + panel);
            c2 = VectorMath.FusedMultiplyAdd(first, b2, c2);
            d2 = VectorMath.FusedMultiplyAdd(second, b2, d2);
            var b3 = Vector256.Load(b + panel + half);
            c3 = VectorMath.FusedMultiplyAdd(first, b3, c3);
            d3 = VectorMath.FusedMultiplyAdd(second, b3, d3);
            a += aInner;
            b += bInner;
        }
        while (--k > 0);
        WriteFour(c0, c1, c2, c3, task.C, task.Accumulate);
        WriteFour(d0, d1, d2, d3, task.C + task.CRow, task.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFour<T>(Vector256<T> c0, Vector256<T> c1, Vector256<T> c2, Vector256<T> c3, T* c, bool accumulate)
        where T : unmanaged
    {
        var half = Vector256<T>.Count;
        if (accumulate)
        {
            c0 += Vector256.Load(c);
            c1 += Vector256.Load(c + half);
            c2 += Vector256.Load(c + (2 * half));
            c3 += Vector256.Load(c + (3 * half));
        }

        c0.Store(c);
        c1.Store(c + half);
        c2.Store(c + (2 * half));
        c3.Store(c + (3 * half));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>Products with one or two rows, or one column: bound by the bandwidth of the matrix, so they need many streams.</summary>
public static unsafe partial class Gemm
{
    /// <summary>
    /// Whole groups of panels for one or two rows: 8 accumulators hide the latency of the multiplication, which the blocks of
    /// <see cref="TileKernel"/> cannot with so few rows. Returns the columns done and advances B and C.
    /// </summary>
    private static int MultiplyFewRows<T>(int m, int n, ref TileTask<T> task)
        where T : unmanaged
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            return 0;
        }

        var panels = (VectorMath.IsTwoHalves ? 4 : 8) / m;
        var width = panels * Vector512<T>.Count;
        var column = 0;
        for (; n - column >= width; column += width)
        {
            if (VectorMath.IsTwoHalves)
            {
                MultiplyHalves(m, task);
            }
            else if (m == 1)
            {
                OneRowEightPanels(task);
            }
            else
            {
                TwoRowsFourPanels(task);
            }

            task.B += panels * task.BPanel;
            task.C += width;
        }

        if (m == 1 && !VectorMath.IsTwoHalves && n - column >= width / 2)
        {
            OneRowFourWholePanels(task);
            task.B += panels / 2 * task.BPanel;
            task.C += width / 2;
            column += width / 2;
        }

        return column;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRowEightPanels<T>(in TileTask<T> task)
        where T : unmanaged
    {
        Vector512<T> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        var a = task.A;
        var b = task.B;
        var b4 = b + (4 * task.BPanel);
        var (aInner, bInner, panel) = (task.AInner, task.BInner, task.BPanel);
        var k = task.Inner;
        do
        {
            var scalar = Vector512.Create(*a);
            c0 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b), c0);
            c1 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + panel), c1);
            c2 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + (2 * panel)), c2);
            c3 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + (3 * panel)), c3);
            c4 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b4), c4);
            c5 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b4 + panel), c5);
            c6 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b4 + (2 * panel)), c6);
            c7 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b4 + (3 * panel)), c7);
            a += aInner;
            b += bInner;
            b4 += bInner;
        }
        while (--k > 0);
        var lanes = Vector512<T>.Count;
        WriteFour(c0, c1, c2, c3, task.C, task.Accumulate);
        WriteFour(c4, c5, c6, c7, task.C + (4 * lanes), task.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRowFourWholePanels<T>(in TileTask<T> task)
        where T : unmanaged
    {
        Vector512<T> c0 = default, c1 = default, c2 = default, c3 = default;
        var a = task.A;
        var b = task.B;
        var (aInner, bInner, panel) = (task.AInner, task.BInner, task.BPanel);
        var k = task.Inner;
        do
        {
            var scalar = Vector512.Create(*a);
            c0 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b), c0);
            c1 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + panel), c1);
            c2 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + (2 * panel)), c2);
            c3 = VectorMath.FusedMultiplyAdd(scalar, Vector512.Load(b + (3 * panel)), c3);
            a += aInner;
            b += bInner;
        }
        while (--k > 0);
        WriteFour(c0, c1, c2, c3, task.C, task.Accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRowsFourPanels<T>(in TileTask<T> task)
        where T : unmanaged
    {
        Vector512<T> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        var a = task.A;
        var b = task.B;
        var (row, aInner, bInner, panel) = (task.ARow, task.AInner, task.BInner, task.BPanel);
        var k = task.Inner;
        do
        {
            var (first, second) = (Vector512.Create(*a), Vector512.Create(a[row]));
            var b0 = Vector512.Load(b);
            c0 = VectorMath.FusedMultiplyAdd(first, b0, c0);
            d0 = VectorMath.FusedMultiplyAdd(second, b0, d0);
            var b1 = Vector512.Load(b + panel);
            c1 = VectorMath.FusedMultiplyAdd(first, b1, c1);
            d1 = VectorMath.FusedMultiplyAdd(second, b1, d1);
            var b2 = Vector512.Load(b + (2 * panel));
            c2 = VectorMath.FusedMultiplyAdd(first, b2, c2);
            d2 = VectorMath.FusedMultiplyAdd(second, b2, d2);
            var b3 = Vector512.Load(b + (3 * panel));
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
    private static void WriteFour<T>(Vector512<T> c0, Vector512<T> c1, Vector512<T> c2, Vector512<T> c3, T* c, bool accumulate)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        if (accumulate)
        {
            c0 += Vector512.Load(c);
            c1 += Vector512.Load(c + lanes);
            c2 += Vector512.Load(c + (2 * lanes));
            c3 += Vector512.Load(c + (3 * lanes));
        }

        c0.Store(c);
        c1.Store(c + lanes);
        c2.Store(c + (2 * lanes));
        c3.Store(c + (3 * lanes));
    }

    /// <summary>One column: a dot product for each row, both operands contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyVector<T>(int m, int k, T* a, nint aRow, T* b, T* c, nint cRow, bool accumulate)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        for (var row = 0; row < m; row++, a += aRow, c += cRow)
        {
            Vector512<T> s0 = default, s1 = default, s2 = default, s3 = default;
            var p = 0;
            for (; p <= k - (4 * lanes); p += 4 * lanes)
            {
                s0 = VectorMath.FusedMultiplyAdd(Vector512.Load(a + p), Vector512.Load(b + p), s0);
                s1 = VectorMath.FusedMultiplyAdd(Vector512.Load(a + p + lanes), Vector512.Load(b + p + lanes), s1);
                s2 = VectorMath.FusedMultiplyAdd(Vector512.Load(a + p + (2 * lanes)), Vector512.Load(b + p + (2 * lanes)), s2);
                s3 = VectorMath.FusedMultiplyAdd(Vector512.Load(a + p + (3 * lanes)), Vector512.Load(b + p + (3 * lanes)), s3);
            }

            for (; p <= k - lanes; p += lanes)
            {
                s0 = VectorMath.FusedMultiplyAdd(Vector512.Load(a + p), Vector512.Load(b + p), s0);
            }

            if (p < k)
            {
                s1 = VectorMath.FusedMultiplyAdd(VectorMath.LoadPartial(a + p, k - p), VectorMath.LoadPartial(b + p, k - p), s1);
            }

            WriteSum(s0 + s1 + (s2 + s3), c, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteSum<T>(Vector512<T> sum, T* c, bool accumulate)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var value = VectorMath.Sum(sum.As<T, float>());
            *(float*)c = accumulate ? *(float*)c + value : value;
        }
        else
        {
            var value = VectorMath.Sum(sum.As<T, double>());
            *(double*)c = accumulate ? *(double*)c + value : value;
        }
    }
}

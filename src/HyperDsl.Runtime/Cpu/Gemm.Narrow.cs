using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// Products with a few columns only, such as the gradient of an embedding of 4: vectors run along the inner axis, since along the
/// columns most of their lanes would be empty.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>Packs the k × n matrix whose element (p, j) is <c>source[p rowStride + j columnStride]</c> column after column, [n][k].</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="k">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="rowStride">Elements between rows.</param>
    /// <param name="columnStride">Elements between columns.</param>
    /// <param name="packed">n · k elements.</param>
    public static void PackNarrow<T>(T* source, int k, int n, long rowStride, long columnStride, T* packed)
        where T : unmanaged
    {
        for (var column = 0; column < n; column++)
        {
            var from = source + (column * columnStride);
            for (var p = 0; p < k; p++, from += rowStride)
            {
                *packed++ = *from;
            }
        }
    }

    /// <summary>C = A · B, with B packed by <see cref="PackNarrow{T}"/>.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A, [m, k], unit stride along k.</param>
    /// <param name="aRowStride">Elements between rows of A.</param>
    /// <param name="packedB">B, packed.</param>
    /// <param name="c">C, [m, n], unit stride along n.</param>
    /// <param name="cRowStride">Elements between rows of C.</param>
    public static void MultiplyNarrow<T>(int m, int n, int k, T* a, long aRowStride, T* packedB, T* c, long cRowStride)
        where T : unmanaged
    {
        if (IsEmpty(m, n, k, c, cRowStride, accumulate: false))
        {
            return;
        }

        for (var column = 0; column < n; column += 4)
        {
            var columns = Math.Min(4, n - column);
            var b = packedB + ((long)column * k);
            var row = 0;
            for (; !VectorMath.IsTwoHalves && row <= m - 4; row += 4)
            {
                FourRows(k, columns, a + (row * aRowStride), (nint)aRowStride, b, c + (row * cRowStride) + column, (nint)cRowStride);
            }

            for (; row < m; row++)
            {
                if (VectorMath.IsTwoHalves)
                {
                    OneRowInHalves(k, columns, a + (row * aRowStride), b, c + (row * cRowStride) + column);
                }
                else
                {
                    OneRow(k, columns, a + (row * aRowStride), b, c + (row * cRowStride) + column);
                }
            }
        }
    }

    /// <summary>4 rows and 4 columns: 16 sums in registers. Columns that do not exist repeat the first one and are not stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<T>(int k, int columns, T* a, nint aRow, T* b, T* c, nint cRow)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        FourSums<T> row0 = default, row1 = default, row2 = default, row3 = default;
        var b1 = b + (columns > 1 ? k : 0);
        var b2 = b + (columns > 2 ? 2 * k : 0);
        var b3 = b + (columns > 3 ? 3 * k : 0);
        var p = 0;
        for (; p <= k - lanes; p += lanes)
        {
            var (v0, v1, v2, v3) = (Vector512.Load(b + p), Vector512.Load(b1 + p), Vector512.Load(b2 + p), Vector512.Load(b3 + p));
            row0.Add(Vector512.Load(a + p), v0, v1, v2, v3);
            row1.Add(Vector512.Load(a + aRow + p), v0, v1, v2, v3);
            row2.Add(Vector512.Load(a + (2 * aRow) + p), v0, v1, v2, v3);
            row3.Add(Vector512.Load(a + (3 * aRow) + p), v0, v1, v2, v3);
        }

        if (p < k)
        {
            var left = k - p;
            var (v0, v1) = (VectorMath.LoadPartial(b + p, left), VectorMath.LoadPartial(b1 + p, left));
            var (v2, v3) = (VectorMath.LoadPartial(b2 + p, left), VectorMath.LoadPartial(b3 + p, left));
            row0.Add(VectorMath.LoadPartial(a + p, left), v0, v1, v2, v3);
            row1.Add(VectorMath.LoadPartial(a + aRow + p, left), v0, v1, v2, v3);
            row2.Add(VectorMath.LoadPartial(a + (2 * aRow) + p, left), v0, v1, v2, v3);
            row3.Add(VectorMath.LoadPartial(a + (3 * aRow) + p, left), v0, v1, v2, v3);
        }

        row0.Store(c, columns);
        row1.Store(c + cRow, columns);
        row2.Store(c + (2 * cRow), columns);
        row3.Store(c + (3 * cRow), columns);
    }

    /// <summary>As <see cref="FourRows{T}"/>, with the same order of additions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<T>(int k, int columns, T* a, T* b, T* c)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        FourSums<T> row = default;
        var b1 = b + (columns > 1 ? k : 0);
        var b2 = b + (columns > 2 ? 2 * k : 0);
        var b3 = b + (columns > 3 ? 3 * k : 0);
        var p = 0;
        for (; p <= k - lanes; p += lanes)
        {
            row.Add(
                Vector512.Load(a + p), Vector512.Load(b + p), Vector512.Load(b1 + p), Vector512.Load(b2 + p), Vector512.Load(b3 + p));
        }

        if (p < k)
        {
            var left = k - p;
            row.Add(
                VectorMath.LoadPartial(a + p, left), VectorMath.LoadPartial(b + p, left), VectorMath.LoadPartial(b1 + p, left),
                VectorMath.LoadPartial(b2 + p, left), VectorMath.LoadPartial(b3 + p, left));
        }

        row.Store(c, columns);
    }

    /// <summary>The sums of one row, one vector for each column; a flat struct, because only those are kept in registers.</summary>
    private struct FourSums<T>
        where T : unmanaged
    {
        private Vector512<T> s0;
        private Vector512<T> s1;
        private Vector512<T> s2;
        private Vector512<T> s3;

        public FourSums(Vector512<T> s0, Vector512<T> s1, Vector512<T> s2, Vector512<T> s3)
        {
            (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<T> a, Vector512<T> b0, Vector512<T> b1, Vector512<T> b2, Vector512<T> b3)
        {
            s0 = VectorMath.FusedMultiplyAdd(a, b0, s0);
            s1 = VectorMath.FusedMultiplyAdd(a, b1, s1);
            s2 = VectorMath.FusedMultiplyAdd(a, b2, s2);
            s3 = VectorMath.FusedMultiplyAdd(a, b3, s3);
        }

        /// <summary>Adds up the lanes of each vector, in the order of <see cref="VectorMath.Sum(Vector512{float})"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(T* c, int columns)
        {
            if (Sse.IsSupported && typeof(T) == typeof(float) && columns == 4)
            {
                StoreFour((float*)c);
                return;
            }

            WriteSum(s0, c, accumulate: false);
            if (columns > 1)
            {
                WriteSum(s1, c + 1, accumulate: false);
            }

            if (columns > 2)
            {
                WriteSum(s2, c + 2, accumulate: false);
            }

            if (columns > 3)
            {
                WriteSum(s3, c + 3, accumulate: false);
            }
        }

        /// <summary>All four sums at once: the quarters of the vectors are added and transposed.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void StoreFour(float* c)
        {
            var (q0, q1, q2, q3) = (Quarter(s0), Quarter(s1), Quarter(s2), Quarter(s3));
            var pairs01 = Sse.UnpackLow(q0, q1) + Sse.UnpackHigh(q0, q1);
            var pairs23 = Sse.UnpackLow(q2, q3) + Sse.UnpackHigh(q2, q3);
            (Sse.MoveLowToHigh(pairs01, pairs23) + Sse.MoveHighToLow(pairs23, pairs01)).Store(c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> Quarter(Vector512<T> sum)
        {
            var half = sum.GetLower() + sum.GetUpper();
            return (half.GetLower() + half.GetUpper()).As<T, float>();
        }
    }
}

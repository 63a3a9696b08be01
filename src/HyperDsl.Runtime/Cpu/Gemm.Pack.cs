using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// Matrix products for <c>float</c> and <c>double</c>, on the current thread and those that it can share work with
/// (<see cref="IdleThreads"/>). Matrices are given by pointers and strides in elements; any
/// size and alignment works, and nothing outside the matrices is read or written.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>So many rows before they are copied, memory is asked for them.</summary>
    private const int RowsAhead = 8;

    /// <summary>Elements of a packed k × n matrix: k times n rounded up to whole vectors.</summary>
    public static long PackedSize<T>(int k, int n)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        return (long)k * ((n + lanes - 1) / lanes * lanes);
    }

    /// <summary>Elements of a packed k × n matrix of <c>float</c>: k times n rounded up to 16.</summary>
    public static long PackedSize(int k, int n) => PackedSize<float>(k, n);

    /// <summary>Elements of a packed k × n matrix of <c>double</c>: k times n rounded up to 8.</summary>
    public static long PackedSizeDouble(int k, int n) => PackedSize<double>(k, n);

    /// <summary>
    /// Packs the k × n matrix whose element (p, j) is <c>source[p rowStride + j columnStride]</c> into panels of one vector's
    /// columns, [panel][k][lanes]; the columns beyond n are zero.
    /// </summary>
    /// <param name="source">The matrix.</param>
    /// <param name="k">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="rowStride">Elements between rows.</param>
    /// <param name="columnStride">Elements between columns; with <c>rowStride = 1</c> the transpose of a row-major matrix is packed.</param>
    /// <param name="packed"><see cref="PackedSize{T}"/> elements.</param>
    public static void Pack<T>(T* source, int k, int n, long rowStride, long columnStride, T* packed)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        for (var column = 0; column < n; column += lanes)
        {
            PackPanel(
                source + (column * columnStride), k, Math.Min(lanes, n - column), (nint)rowStride, (nint)columnStride, packed + ((long)column * k));
        }
    }

    /// <summary>
    /// Packs whole panels, row after row: rows come from far memory, and what a row holds of all panels lies side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels<T>(T* source, int k, int panels, nint rowStride, T* packed)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var ahead = RowsAhead * rowStride;
        var panelSize = (nint)k * lanes;
        for (var p = 0; p < k; p++, source += rowStride, packed += lanes)
        {
            ahead = p < k - RowsAhead ? ahead : 0;
            var from = source;
            var to = packed;
            for (var panel = 0; panel < panels; panel++, from += lanes, to += panelSize)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(from + ahead);
                }

                CopyVector(from, to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyVector<T>(T* from, T* to)
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.Load(from).Store(to);
        }
        else
        {
            Vector256.Load(from).Store(to);
            Vector256.Load(from + Vector256<T>.Count).Store(to + Vector256<T>.Count);
        }
    }

    /// <summary>Packs up to one vector's columns: [k][lanes].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackPanel<T>(T* source, int k, int columns, nint rowStride, nint columnStride, T* packed)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        if (columnStride != 1)
        {
            PackTransposed(source, k, columns, rowStride, columnStride, packed);
        }
        else if (columns == lanes)
        {
            for (var p = 0; p < k; p++, source += rowStride, packed += lanes)
            {
                CopyVector(source, packed);
            }
        }
        else
        {
            for (var p = 0; p < k; p++, source += rowStride, packed += lanes)
            {
                VectorMath.LoadPartial(source, columns).Store(packed);
            }
        }
    }

    /// <summary>Blocks of 4 × 4 <c>float</c> are transposed in registers where the columns are contiguous; the rest goes one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed<T>(T* source, int k, int columns, nint rowStride, nint columnStride, T* packed)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var inBlocks = Sse.IsSupported && typeof(T) == typeof(float) && rowStride == 1 && columns == lanes ? k / 4 * 4 : 0;
        for (var p = 0; p < inBlocks; p += 4)
        {
            for (var column = 0; column < lanes; column += 4)
            {
                Transpose4x4((float*)(source + p + (column * columnStride)), columnStride, (float*)(packed + (p * lanes) + column), lanes);
            }
        }

        source += inBlocks * rowStride;
        packed += inBlocks * lanes;
        for (var p = inBlocks; p < k; p++, source += rowStride, packed += lanes)
        {
            var column = 0;
            for (; column < columns; column++)
            {
                packed[column] = source[column * columnStride];
            }

            for (; column < lanes; column++)
            {
                packed[column] = default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4x4(float* source, nint sourceRow, float* target, nint targetRow)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceRow);
        var r2 = Vector128.Load(source + (2 * sourceRow));
        var r3 = Vector128.Load(source + (3 * sourceRow));
        var low01 = Sse.UnpackLow(r0, r1);
        var low23 = Sse.UnpackLow(r2, r3);
        var high01 = Sse.UnpackHigh(r0, r1);
        var high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(target);
        Sse.MoveHighToLow(low23, low01).Store(target + targetRow);
        Sse.MoveLowToHigh(high01, high23).Store(target + (2 * targetRow));
        Sse.MoveHighToLow(high23, high01).Store(target + (3 * targetRow));
    }
}

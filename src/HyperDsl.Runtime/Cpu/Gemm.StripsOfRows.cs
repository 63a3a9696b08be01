using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// Activations times weights, with the rows of A packed in strips first: then every scalar of the inner loop is at a known distance from
/// one pointer, and rows that lie a power of two apart do not evict each other.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>
    /// Fewer panels do not pay for packing rows, as long as these do not compete for cache sets. Without 512-bit vectors no number does: the
    /// kernel for 256-bit ones takes scalars of rows as cheaply as those of strips.
    /// </summary>
    private static int LeastPanelsOfRows => Vector512.IsHardwareAccelerated ? 8 : int.MaxValue;

    /// <summary>Whether packing rows pays. Where they compete for cache sets it does as soon as <see cref="PaysForFewRowsAtOnce"/> does not.</summary>
    private static bool PaysForStripsOfRows<T>(int m, int n, nint aRow)
        where T : unmanaged
        => m > 6 && n / Vector512<T>.Count >= (CompeteForCacheSets<T>(aRow) ? 1 : LeastPanelsOfRows);

    /// <summary>One block of rows of a packed B, with chunks of rows of A, of which each is packed once for all columns.</summary>
    private static void MultiplyStripsOfRows<T>(int m, int n, bool far, T* following, TileTask<T> task)
        where T : unmanaged
    {
        var a = task.A;
        var aRow = task.ARow;
        var chunks = TakeStrips(m, ref task);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var rows = TileKernel.BlockRows(m, chunks, chunk);
            PackRows(rows, task.Inner, a, aRow, task.A);
            MultiplyBlock(rows, n, TileKernel.MaxPanels, far, chunk == chunks - 1 ? following : null, task);
            task.C += rows * task.CRow;
            a += rows * aRow;
        }
    }

    /// <summary>Packs contiguous rows of A as <see cref="TileKernel.RunPanels{T}"/> takes them: [strip][inner][row].</summary>
    /// <param name="rows">Rows to pack.</param>
    /// <param name="depth">Elements of a row.</param>
    /// <param name="a">The first row.</param>
    /// <param name="aRow">Elements between rows.</param>
    /// <param name="strips">The packed strips.</param>
    private static void PackRows<T>(int rows, int depth, T* a, nint aRow, T* strips)
        where T : unmanaged
    {
        var blocks = TileKernel.Blocks(rows);
        for (var block = 0; block < blocks; block++)
        {
            var size = TileKernel.BlockRows(rows, blocks, block);
            PackRowsOfStrip(size, depth, a, aRow, strips);
            a += size * aRow;
            strips += TileKernel.StripSize<T>(size, depth);
        }
    }

    /// <summary>
    /// Packs one strip. Where <c>float</c>s are transposed in registers all rows of a step are written as one vector, of which the lanes without
    /// a row are overwritten by the next step or fall into the gap behind the strip.
    /// </summary>
    private static void PackRowsOfStrip<T>(int size, int depth, T* a, nint aRow, T* strip)
        where T : unmanaged
    {
        var step = 0;
        if (typeof(T) == typeof(float) && Avx512F.IsSupported)
        {
            step = PackSixteenRows(size, depth, (float*)a, aRow, (float*)strip);
        }
        else if (typeof(T) == typeof(float) && Avx.IsSupported && size <= Vector256<float>.Count)
        {
            step = PackEightRows(size, depth, (float*)a, aRow, (float*)strip);
        }

        for (; step < depth; step++)
        {
            for (var row = 0; row < size; row++)
            {
                strip[(step * size) + row] = a[(row * aRow) + step];
            }
        }
    }

    /// <summary>
    /// Transposes up to 16 rows, 16 steps at a time, and returns the number of steps done. Every line is read once: rows a multiple of
    /// 4 KiB apart would not stay until it is needed again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PackSixteenRows(int size, int depth, float* a, nint aRow, float* strip)
    {
        // Lanes without a row repeat the last one, so that nothing outside of A is read.
        var last = size - 1;
        var step = 0;
        for (; step <= depth - 16; step += 16, a += 16, strip += 16 * size)
        {
            var (a0, a1, a2, a3) = FourRowsByColumn(a, aRow, 0, last);
            var (b0, b1, b2, b3) = FourRowsByColumn(a, aRow, 4, last);
            var (c0, c1, c2, c3) = FourRowsByColumn(a, aRow, 8, last);
            var (d0, d1, d2, d3) = FourRowsByColumn(a, aRow, 12, last);
            var (s0, s4, s8, s12) = QuartersTogether(a0, b0, c0, d0);
            var (s1, s5, s9, s13) = QuartersTogether(a1, b1, c1, d1);
            var (s2, s6, s10, s14) = QuartersTogether(a2, b2, c2, d2);
            var (s3, s7, s11, s15) = QuartersTogether(a3, b3, c3, d3);
            s0.Store(strip);
            s1.Store(strip + size);
            s2.Store(strip + (2 * size));
            s3.Store(strip + (3 * size));
            s4.Store(strip + (4 * size));
            s5.Store(strip + (5 * size));
            s6.Store(strip + (6 * size));
            s7.Store(strip + (7 * size));
            s8.Store(strip + (8 * size));
            s9.Store(strip + (9 * size));
            s10.Store(strip + (10 * size));
            s11.Store(strip + (11 * size));
            s12.Store(strip + (12 * size));
            s13.Store(strip + (13 * size));
            s14.Store(strip + (14 * size));
            s15.Store(strip + (15 * size));
        }

        return step;
    }

    /// <summary>Four rows of 16 columns: quarter q of vector j holds their elements of column 4 q + j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> J0, Vector512<float> J1, Vector512<float> J2, Vector512<float> J3) FourRowsByColumn(
        float* a, nint aRow, int first, int last)
    {
        var row0 = Vector512.Load(a + (Math.Min(first, last) * aRow));
        var row1 = Vector512.Load(a + (Math.Min(first + 1, last) * aRow));
        var row2 = Vector512.Load(a + (Math.Min(first + 2, last) * aRow));
        var row3 = Vector512.Load(a + (Math.Min(first + 3, last) * aRow));
        var (low01, high01) = (Avx512F.UnpackLow(row0, row1), Avx512F.UnpackHigh(row0, row1));
        var (low23, high23) = (Avx512F.UnpackLow(row2, row3), Avx512F.UnpackHigh(row2, row3));
        return (
            Avx512F.Shuffle(low01, low23, 0b_01_00_01_00), Avx512F.Shuffle(low01, low23, 0b_11_10_11_10),
            Avx512F.Shuffle(high01, high23, 0b_01_00_01_00), Avx512F.Shuffle(high01, high23, 0b_11_10_11_10));
    }

    /// <summary>The first quarters of all four vectors, one after another, and so the second, third and fourth ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> First, Vector512<float> Second, Vector512<float> Third, Vector512<float> Fourth) QuartersTogether(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var (ab01, ab23) = (Avx512F.Shuffle4x128(a, b, 0b_01_00_01_00), Avx512F.Shuffle4x128(a, b, 0b_11_10_11_10));
        var (cd01, cd23) = (Avx512F.Shuffle4x128(c, d, 0b_01_00_01_00), Avx512F.Shuffle4x128(c, d, 0b_11_10_11_10));
        return (
            Avx512F.Shuffle4x128(ab01, cd01, 0b_10_00_10_00), Avx512F.Shuffle4x128(ab01, cd01, 0b_11_01_11_01),
            Avx512F.Shuffle4x128(ab23, cd23, 0b_10_00_10_00), Avx512F.Shuffle4x128(ab23, cd23, 0b_11_01_11_01));
    }

    /// <summary>As <see cref="PackSixteenRows"/>, up to eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PackEightRows(int size, int depth, float* a, nint aRow, float* strip)
    {
        var last = size - 1;
        var (row1, row2, row3) = (Math.Min(1, last) * aRow, Math.Min(2, last) * aRow, Math.Min(3, last) * aRow);
        var (row4, row5, row6, row7) = (Math.Min(4, last) * aRow, Math.Min(5, last) * aRow, Math.Min(6, last) * aRow, Math.Min(7, last) * aRow);
        var step = 0;
        for (; step <= depth - 4; step += 4, a += 4)
        {
            var (rows0, rows1) = (TwoQuarters(a, a + row4), TwoQuarters(a + row1, a + row5));
            var (rows2, rows3) = (TwoQuarters(a + row2, a + row6), TwoQuarters(a + row3, a + row7));
            var (low01, high01) = (Avx.UnpackLow(rows0, rows1), Avx.UnpackHigh(rows0, rows1));
            var (low23, high23) = (Avx.UnpackLow(rows2, rows3), Avx.UnpackHigh(rows2, rows3));
            Avx.Shuffle(low01, low23, 0b_01_00_01_00).Store(strip);
            strip += size;
            Avx.Shuffle(low01, low23, 0b_11_10_11_10).Store(strip);
            strip += size;
            Avx.Shuffle(high01, high23, 0b_01_00_01_00).Store(strip);
            strip += size;
            Avx.Shuffle(high01, high23, 0b_11_10_11_10).Store(strip);
            strip += size;
        }

        return step;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> TwoQuarters(float* lower, float* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));
}

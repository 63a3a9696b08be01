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
    /// Fewer panels do not pay for packing rows, as long as these do not compete for cache sets. With 256-bit vectors, whose kernel takes
    /// scalars of rows as cheaply as those of strips, no number does.
    /// </summary>
    private static int LeastPanelsOfRows => VectorMath.IsTwoHalves ? int.MaxValue : 8;

    /// <summary>
    /// Whether packing rows pays. Rows a multiple of 4 KiB apart compete for the 8 or 12 lines of one set of the first-level cache.
    /// </summary>
    private static bool PaysForStripsOfRows<T>(int m, int n, nint aRow)
        where T : unmanaged
        => m > 6 && n / Vector512<T>.Count >= (aRow * sizeof(T) % 4096 == 0 ? 1 : LeastPanelsOfRows);

    /// <summary>One block of rows of a packed B, with chunks of rows of A, of which each is packed once for all columns.</summary>
    private static void MultiplyStripsOfRows<T>(int m, int n, bool far, T* following, TileTask<T> task)
        where T : unmanaged
    {
        var maxRows = TileKernel.MaxRows(TileKernel.MaxPanels);
        var stripSize = TileKernel.StripSize<T>(maxRows, task.Inner);
        var together = Math.Max(1, StripBytes / sizeof(T) / (int)stripSize) * maxRows;
        var chunks = (m + together - 1) / together;
        var strips = (m / chunks / maxRows) + 2;
        var a = task.A;
        var aRow = task.ARow;
        task.A = (T*)StripRoom.Take((nuint)(strips * stripSize * sizeof(T)));
        task.PackedA = true;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var rows = TileKernel.BlockRows(m, chunks, chunk);
            PackRows(rows, task.Inner, a, aRow, task.A);
            MultiplyBlock(rows, n, TileKernel.MaxPanels, far, following, task);
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
    /// Packs one strip. Squares of eight rows and steps are transposed in registers, the lower rows first: the lanes without a row that
    /// they write into the next step are overwritten by its upper rows.
    /// </summary>
    private static void PackRowsOfStrip<T>(int size, int depth, T* a, nint aRow, T* strip)
        where T : unmanaged
    {
        var step = 0;
        for (; Avx.IsSupported && typeof(T) == typeof(float) && step <= depth - 8; step += 8)
        {
            for (var first = (size - 1) / 8 * 8; first >= 0; first -= 8)
            {
                Transpose8((float*)(a + (first * aRow) + step), aRow, size - first, (float*)(strip + (step * size) + first), size);
            }
        }

        for (; step < depth; step++)
        {
            for (var row = 0; row < size; row++)
            {
                strip[(step * size) + row] = a[(row * aRow) + step];
            }
        }
    }

    /// <summary>Transposes eight columns of the first eight rows; of fewer rows the last is repeated.</summary>
    private static void Transpose8(float* from, nint fromRow, int rows, float* to, nint toRow)
    {
        var last = Math.Min(rows, 8) - 1;
        var row4 = from + (Math.Min(4, last) * fromRow);
        var row5 = from + (Math.Min(5, last) * fromRow);
        var row6 = from + (Math.Min(6, last) * fromRow);
        var row7 = from + (Math.Min(7, last) * fromRow);
        var row1 = from + (Math.Min(1, last) * fromRow);
        var row2 = from + (Math.Min(2, last) * fromRow);
        var row3 = from + (Math.Min(3, last) * fromRow);
        TransposeHalf(from, row1, row2, row3, row4, row5, row6, row7, to, toRow);
        TransposeHalf(from + 4, row1 + 4, row2 + 4, row3 + 4, row4 + 4, row5 + 4, row6 + 4, row7 + 4, to + (4 * toRow), toRow);
    }

    /// <summary>Transposes four columns of eight rows: rows 0 to 3 become the lower quarters, rows 4 to 7 the upper ones.</summary>
    private static void TransposeHalf(
        float* row0, float* row1, float* row2, float* row3, float* row4, float* row5, float* row6, float* row7, float* to, nint toRow)
    {
        var (a04, a15) = (Quarters(row0, row4), Quarters(row1, row5));
        var (a26, a37) = (Quarters(row2, row6), Quarters(row3, row7));
        var (low01, high01) = (Avx.UnpackLow(a04, a15), Avx.UnpackHigh(a04, a15));
        var (low23, high23) = (Avx.UnpackLow(a26, a37), Avx.UnpackHigh(a26, a37));
        Avx.Shuffle(low01, low23, 0b_01_00_01_00).Store(to);
        Avx.Shuffle(low01, low23, 0b_11_10_11_10).Store(to + toRow);
        Avx.Shuffle(high01, high23, 0b_01_00_01_00).Store(to + (2 * toRow));
        Avx.Shuffle(high01, high23, 0b_11_10_11_10).Store(to + (3 * toRow));
    }

    private static Vector256<float> Quarters(float* lower, float* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));
}

using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class Gemm
{
    /// <summary>
    /// Rows of a packed B in a block. A panel of them is 64 KiB of <c>float</c>, which the second-level cache serves as fast as it is
    /// multiplied; smaller blocks would read and write C more often, which takes longer: 256 up to 5 % more with 512-bit vectors.
    /// </summary>
    private const int PackedDepth = 1024;

    /// <summary>
    /// A B of more bytes is asked for a group of panels ahead, if several blocks of rows read it: one block alone reads it in order, which
    /// the hardware foresees. Measured with 512-bit vectors and 32 rows: 4 MB gain 3 to 15 %; with 256-bit vectors 1 MB gains a fifth of
    /// its time where the other weights of a step take its place in a second-level cache of 512 KB.
    /// </summary>
    private static long CachedBytes => Vector512.IsHardwareAccelerated ? 1 << 20 : 1 << 17;

    /// <summary>C = A · B, or C += A · B, with B packed by <see cref="Pack{T}"/>.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B; with k = 0 the product is zero.</param>
    /// <param name="a">A, [m, k], unit stride along k.</param>
    /// <param name="aRowStride">Elements between rows of A.</param>
    /// <param name="packedB">B, packed.</param>
    /// <param name="c">C, [m, n], unit stride along n.</param>
    /// <param name="cRowStride">Elements between rows of C.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    public static void MultiplyPacked<T>(
        int m, int n, int k, T* a, long aRowStride, T* packedB, T* c, long cRowStride, bool accumulate)
        where T : unmanaged
    {
        if (IsEmpty(m, n, k, c, cRowStride, accumulate))
        {
            return;
        }

        if (PaysForSharing<T>(m, n, k, readsWeights: true))
        {
            SharedProduct<T>.RunPacked(m, n, k, a, aRowStride, packedB, c, cRowStride, accumulate);
            return;
        }

        var lanes = Vector512<T>.Count;
        var blocks = (k + PackedDepth - 1) / PackedDepth;
        var fewRows = PaysForFewRowsAtOnce<T>(n, (nint)aRowStride);
        var inStrips = !fewRows && PaysForStripsOfRows<T>(m, n, (nint)aRowStride);
        var severalBlocks = inStrips ? TileKernel.Blocks(m) > 1 : m > TileKernel.MaxRows(TileKernel.MaxPanels);
        var far = severalBlocks && (long)n * k * sizeof(T) > CachedBytes;
        var first = 0;
        for (var block = 0; block < blocks; block++)
        {
            var depth = (k / blocks) + (block < k % blocks ? 1 : 0);
            var task = new TileTask<T>
            {
                Outer = 1,
                Inner = depth,
                A = a + first,
                ARow = (nint)aRowStride,
                AInner = 1,
                B = packedB + ((long)first * lanes),
                BPanel = (nint)k * lanes,
                BInner = lanes,
                C = c,
                CRow = (nint)cRowStride,
                Accumulate = accumulate || block > 0,
            };
            var following = far && block + 1 < blocks ? task.B + (depth * lanes) : null;
            if (fewRows)
            {
                MultiplyFewRowsAtOnce(m, n, task);
            }
            else if (inStrips)
            {
                MultiplyStripsOfRows(m, n, far, following, task);
            }
            else
            {
                MultiplyBlock(m, n, TileKernel.MaxPanels, far, following, task);
            }

            first += depth;
        }
    }

    /// <summary>All panels of one block of rows of a B that needs no packing, in groups that stay in a cache while all rows pass.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="maxPanels">The largest number of panels multiplied at once.</param>
    /// <param name="far">Whether B comes from far memory, and the next group is to be asked for.</param>
    /// <param name="following">What is multiplied after the last group, if it is to be asked for.</param>
    /// <param name="task">The first block.</param>
    private static void MultiplyBlock<T>(int m, int n, int maxPanels, bool far, T* following, TileTask<T> task)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var column = m > 2 ? 0 : MultiplyFewRows(m, n, ref task);
        var group = Math.Max(1, (far ? GroupBytes / 2 : GroupBytes) / sizeof(T) / (task.Inner * lanes * maxPanels)) * maxPanels;
        while (column < n)
        {
            var columns = Math.Min(n - column, group * lanes);
            var isLast = column + columns == n;
            var next = !far ? 0 : !isLast ? group * task.BPanel : following != null ? (nint)(following - task.B) : 0;
            TileKernel.RunPanels(m, maxPanels, columns, next, task);
            task.B += group * task.BPanel;
            task.C += columns;
            column += columns;
        }
    }

    /// <summary>Whether there is nothing to multiply; an empty sum is written as zero.</summary>
    private static bool IsEmpty<T>(int m, int n, int k, T* c, long cRowStride, bool accumulate)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(m);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (k > 0)
        {
            return m == 0 || n == 0;
        }

        for (var row = 0; row < m && !accumulate; row++)
        {
            new Span<T>(c + (row * cRowStride), n).Clear();
        }

        return true;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class Gemm
{
    /// <summary>Rows of an unpacked B in a block: two panels of them are 32 KiB of <c>float</c> and stay in a fast cache while the rows of A pass.</summary>
    private const int BlockDepth = 256;

    /// <summary>
    /// A group of panels, which all rows pass before the next one, so that it stays in the second-level cache: 1 MB and more where
    /// vectors have 512 bits, down to 512 KB otherwise. Unpacked panels are packed into so much room on the stack.
    /// </summary>
    private static int GroupBytes => Vector512.IsHardwareAccelerated ? 256 * 1024 : 128 * 1024;

    /// <summary>C = A · B, or C += A · B, with a row-major B that is used once.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B; with k = 0 the product is zero.</param>
    /// <param name="a">A, [m, k].</param>
    /// <param name="aRowStride">Elements between rows of A; with 1 the product is Aᵀ · B for a row-major [k, m] matrix: a weight gradient.</param>
    /// <param name="aColumnStride">Elements between columns of A.</param>
    /// <param name="b">B, [k, n], unit stride along n.</param>
    /// <param name="bRowStride">Elements between rows of B.</param>
    /// <param name="c">C, [m, n], unit stride along n.</param>
    /// <param name="cRowStride">Elements between rows of C.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    public static void Multiply<T>(
        int m,
        int n,
        int k,
        T* a,
        long aRowStride,
        long aColumnStride,
        T* b,
        long bRowStride,
        T* c,
        long cRowStride,
        bool accumulate)
        where T : unmanaged
    {
        if (IsEmpty(m, n, k, c, cRowStride, accumulate))
        {
            return;
        }

        if (n == 1 && aColumnStride == 1 && bRowStride == 1)
        {
            MultiplyVector(m, k, a, (nint)aRowStride, b, c, (nint)cRowStride, accumulate);
            return;
        }

        if (m >= 2 * LeastRowsOfPart && PaysForSharing<T>(m, n, k, readsWeights: false))
        {
            SharedProduct<T>.Run(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, c, cRowStride, accumulate);
            return;
        }

        var blocks = (k + BlockDepth - 1) / BlockDepth;
        var first = 0;
        for (var block = 0; block < blocks; block++)
        {
            var depth = (k / blocks) + (block < k % blocks ? 1 : 0);
            var task = new TileTask<T>
            {
                Outer = 1,
                Inner = depth,
                A = a + (first * aColumnStride),
                ARow = (nint)aRowStride,
                AInner = (nint)aColumnStride,
                B = b + (first * bRowStride),
                BPanel = Vector512<T>.Count,
                BInner = (nint)bRowStride,
                C = c,
                CRow = (nint)cRowStride,
                Accumulate = accumulate || block > 0,
            };
            MultiplyUnpacked(m, n, task);
            first += depth;
        }
    }

    /// <summary>
    /// One block of rows of an unpacked B. Panels that several blocks of rows would read, and the last one if it is not whole, are
    /// packed on the stack first: read twice in place, a B whose rows lie a power of two apart has left the fast caches in between.
    /// </summary>
    private static void MultiplyUnpacked<T>(int m, int n, TileTask<T> task)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var panels = m <= TileKernel.MaxRows(TileKernel.MaxPanels) ? TileKernel.MaxPanels : 1;
        var whole = m <= TileKernel.MaxRows(panels) ? n / lanes * lanes : 0;
        if (whole > 0)
        {
            MultiplyBlock(m, whole, panels, far: false, null, task);
        }

        if (whole < n)
        {
            task.B += whole;
            task.C += whole;
            if (PaysForStrips(n - whole, task))
            {
                MultiplyStrips(m, n - whole, task);
            }
            else
            {
                MultiplyPacking(m, n - whole, task);
            }
        }
    }

    /// <summary>
    /// Packs groups of panels and multiplies them with all rows, block of rows after block of rows: so C, which is large where K is
    /// small, is walked along its rows.
    /// </summary>
    [SkipLocalsInit]
    private static void MultiplyPacking<T>(int m, int n, TileTask<T> task)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var depth = task.Inner;
        var total = (n + lanes - 1) / lanes;
        var group = Math.Min(total, Math.Max(2, GroupBytes / sizeof(T) / (depth * lanes)));
        var memory = stackalloc T[(group * depth * lanes) + lanes];
        var packed = (T*)(((nint)memory + 63) & ~63);
        var b = task.B;
        var bRow = task.BInner;
        task.B = packed;
        (task.BInner, task.BPanel) = (lanes, depth * lanes);
        for (var panel = 0; panel < total; panel += group)
        {
            var columns = Math.Min(group * lanes, n - (panel * lanes));
            var whole = columns / lanes;
            PackPanels(b + (panel * lanes), depth, whole, bRow, packed);
            if (whole * lanes < columns)
            {
                PackPanel(
                    b + ((panel + whole) * lanes), depth, columns - (whole * lanes), bRow, 1, packed + ((long)whole * lanes * depth));
            }

            TileKernel.RunPanels(m, TileKernel.MaxPanels, columns, 0, task);
            task.C += group * lanes;
        }
    }
}

using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Activations whose rows lie a multiple of 4 KiB apart, times few panels of weights: gradients of embeddings of a HyperLSTM, whose scalings of
/// all gates lie side by side.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>
    /// Up to so many panels are rather read once more for every few rows than all rows packed once. Of the time with packing 32 rows take six to
    /// eight tenths with 16 columns, eight to nine with 64, and up to a tenth more than all with 128.
    /// </summary>
    private const int MostPanelsOfFewRows = 4;

    /// <summary>
    /// Rows at once: no more than the 8 or 12 lines of a set of the first-level cache, so that a line stays until its last element is read. One
    /// panel of 8 rows is just enough for two units of multiply-adds; with 256-bit vectors a block has no more than 6 rows.
    /// </summary>
    private static int FewRows => Vector512.IsHardwareAccelerated ? 8 : 6;

    /// <summary>Whether rows fall into the same set of the first-level cache, which has 64 of them with 64 bytes each.</summary>
    private static bool CompeteForCacheSets<T>(nint aRow)
        where T : unmanaged
        => aRow * sizeof(T) % 4096 == 0;

    private static bool PaysForFewRowsAtOnce<T>(int n, nint aRow)
        where T : unmanaged
        => n <= MostPanelsOfFewRows * Vector512<T>.Count && CompeteForCacheSets<T>(aRow);

    /// <summary>One block of rows of a packed B.</summary>
    private static void MultiplyFewRowsAtOnce<T>(int m, int n, TileTask<T> task)
        where T : unmanaged
    {
        for (var row = 0; row < m; row += FewRows)
        {
            MultiplyBlock(Math.Min(FewRows, m - row), n, TileKernel.MaxPanels, far: false, null, task);
            task.A += FewRows * task.ARow;
            task.C += FewRows * task.CRow;
        }
    }
}

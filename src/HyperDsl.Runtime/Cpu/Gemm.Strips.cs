using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// Weight gradients, Aᵀ · B: the rows of a block lie side by side in memory, but its steps along the inner axis lie a whole row of
/// activations apart, often a power of two, so that they evict each other. Such an A is packed first, strip after strip.
/// </summary>
public static unsafe partial class Gemm
{
    /// <summary>Room for packed strips. They are read in order, which the hardware foresees, so they may lie in the last cache.</summary>
    private const int StripBytes = 1 << 20;

    /// <summary>Fewer panels do not pay for packing strips whose steps lie close together.</summary>
    private const int LeastPanels = 12;

    /// <summary>Fewer do not pay either where the steps fall into a few sets of the second-level cache.</summary>
    private const int LeastPanelsOfScattered = 4;

    /// <summary>Steps so far apart fall into one of 32 sets: 8 lines each are kept of the 256 of a strip.</summary>
    private const int ScatteredBytes = 2048;

    /// <summary>Whether strips of A are worth packing for so many columns.</summary>
    private static bool PaysForStrips<T>(int n, in TileTask<T> task)
        where T : unmanaged
    {
        var scattered = task.AInner * sizeof(T) >= ScatteredBytes;
        return task.ARow == 1 && n >= (scattered ? LeastPanelsOfScattered : LeastPanels) * Vector512<T>.Count;
    }

    /// <summary>Multiplies chunks of rows, of which each is packed once for all columns.</summary>
    private static void MultiplyStrips<T>(int m, int n, TileTask<T> task)
        where T : unmanaged
    {
        var a = task.A;
        var aInner = task.AInner;
        var chunks = TakeStrips(m, ref task);
        for (var (chunk, first) = (0, 0); chunk < chunks; chunk++)
        {
            var rows = TileKernel.BlockRows(m, chunks, chunk);
            PackStrips(rows, m - first, task.Inner, a + first, aInner, task.A);
            MultiplyPacking(rows, n, task);
            task.C += rows * task.CRow;
            first += rows;
        }
    }

    /// <summary>Gives a task room for packed strips, and returns the number of chunks of rows that fit it one after another.</summary>
    private static int TakeStrips<T>(int m, ref TileTask<T> task)
        where T : unmanaged
    {
        var maxRows = TileKernel.MaxRows(TileKernel.MaxPanels);
        var stripSize = TileKernel.StripSize<T>(maxRows, task.Inner);
        var together = Math.Max(1, StripBytes / sizeof(T) / (int)stripSize) * maxRows;
        var chunks = (m + together - 1) / together;
        var strips = (m / chunks / maxRows) + 2;
        task.A = (T*)StripRoom.Take((nuint)(strips * stripSize * sizeof(T)));
        (task.PackedA, task.ARow) = (true, 1);
        return chunks;
    }

    /// <summary>
    /// Packs rows of A as <see cref="TileKernel.RunPanels{T}"/> takes them: [strip][inner][row]. Whole vectors are copied; what is
    /// written too much is overwritten by the next step or falls into the gap behind a strip.
    /// </summary>
    /// <param name="rows">Rows to pack.</param>
    /// <param name="readable">Elements that may be read from each step on, at least <paramref name="rows"/>.</param>
    /// <param name="depth">Steps along the inner axis.</param>
    /// <param name="a">The first row of the first step.</param>
    /// <param name="aInner">Elements between steps.</param>
    /// <param name="strips">The packed strips.</param>
    private static void PackStrips<T>(int rows, int readable, int depth, T* a, nint aInner, T* strips)
        where T : unmanaged
    {
        var blocks = TileKernel.Blocks(rows);
        var (size, larger) = (rows / blocks, rows % blocks);
        PackStrips(larger, size + 1, readable, depth, a, aInner, strips);
        PackStrips(
            blocks - larger, size, readable - (larger * (size + 1)), depth, a + (larger * (size + 1)), aInner,
            strips + (larger * TileKernel.StripSize<T>(size + 1, depth)));
    }

    /// <summary>Packs strips of one size.</summary>
    private static void PackStrips<T>(int count, int size, int readable, int depth, T* a, nint aInner, T* strips)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float) && Vector512.IsHardwareAccelerated)
        {
            PackVectors(count, size, readable, depth, (float*)a, aInner, (float*)strips);
        }
        else
        {
            PackHalves(count, size, readable, depth, a, aInner, strips);
        }
    }

    /// <summary>Packs strips whose rows are one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackVectors(int count, int size, int readable, int depth, float* a, nint aInner, float* strips)
    {
        var stripSize = TileKernel.StripSize<float>(size, depth);
        var whole = Math.Min(count, Math.Max(0, (readable - Vector512<float>.Count + size) / size));
        var ahead = RowsAhead * aInner;
        for (var p = 0; p < depth; p++, a += aInner, strips += size)
        {
            var from = a;
            var to = strips;
            for (var strip = 0; strip < whole; strip++, from += size, to += stripSize)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(from + ahead);
                }

                Vector512.Load(from).Store(to);
            }

            for (var strip = whole; strip < count; strip++, from += size, to += stripSize)
            {
                VectorMath.LoadPartial(from, size).Store(to);
            }
        }
    }

    /// <summary>Packs strips whose rows are several vectors of 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackHalves<T>(int count, int size, int readable, int depth, T* a, nint aInner, T* strips)
        where T : unmanaged
    {
        var lanes = Vector256<T>.Count;
        var stripSize = TileKernel.StripSize<T>(size, depth);
        var copied = (size + lanes - 1) / lanes * lanes;
        var whole = Math.Min(count, Math.Max(0, (readable - copied + size) / size));
        var ahead = RowsAhead * aInner;
        for (var p = 0; p < depth; p++, a += aInner, strips += size)
        {
            var from = a;
            var to = strips;
            for (var strip = 0; strip < whole; strip++, from += size, to += stripSize)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(from + ahead);
                }

                for (var row = 0; row < copied; row += lanes)
                {
                    Vector256.Load(from + row).Store(to + row);
                }
            }

            for (var strip = whole; strip < count; strip++, from += size, to += stripSize)
            {
                for (var row = 0; row < size; row++)
                {
                    to[row] = from[row];
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// The micro-kernel of all matrix products and convolutions: broadcasts elements of A, multiplies them with vectors of B and keeps
/// the sums in registers. One text serves every number of rows, both element types and both instruction sets: the types are
/// arguments, so each combination becomes its own machine code.
/// </summary>
internal static unsafe partial class TileKernel
{
    /// <summary>
    /// Inner steps in one turn of the loop. Four rows of a packed panel of <c>float</c> are four lines; with 6 rows of two halves they are
    /// 80 instructions that compute, and 6 that count; with 14 rows of two panels 132 and 9.
    /// </summary>
    private const int StepsInTurn = 4;

    /// <summary>The largest number of panels of a block: AVX-512 has 32 registers, otherwise a vector occupies several.</summary>
    public static int MaxPanels => Vector512.IsHardwareAccelerated ? 2 : 1;

    /// <summary>
    /// The largest number of rows whose accumulators, with the operands, fit into registers. Where a vector is four of the processor's,
    /// 3 rows run twice as fast as 4, of which the compiler keeps some in memory.
    /// </summary>
    /// <param name="panels">Vectors a row, 1 or 2.</param>
    public static int MaxRows(int panels)
        => Vector512.IsHardwareAccelerated ? (panels == 2 ? 14 : 16) : VectorMath.IsTwoHalves ? 6 : 3;

    /// <summary>
    /// Panels of the blocks that so many packed rows are cut into: the largest number, or one where the rows then are a single block, which
    /// reads B once. With one panel all scalars are operands of multiply-adds; with two a part of them is loaded first.
    /// </summary>
    public static int PanelsOfStrips(int rows) => rows > MaxRows(MaxPanels) && rows <= MaxRows(1) ? 1 : MaxPanels;

    /// <summary>The number of blocks that so many packed rows are cut into.</summary>
    public static int Blocks(int rows)
    {
        var maximum = MaxRows(PanelsOfStrips(rows));
        return (rows + maximum - 1) / maximum;
    }

    /// <summary>Rows of one of the blocks of nearly equal size.</summary>
    public static int BlockRows(int rows, int blocks, int index) => (rows / blocks) + (index < rows % blocks ? 1 : 0);

    /// <summary>Elements from one packed strip of A to the next: a gap of a line keeps strips from falling into the same cache sets.</summary>
    public static nint StripSize<T>(int rows, int depth)
        where T : unmanaged
        => ((nint)rows * depth) + Vector512<T>.Count;

    /// <summary>Runs a block of 1 to <see cref="MaxRows"/> rows and 1 or 2 panels; rows above ⌈rows / 2⌉ are the lower half.</summary>
    public static void Run<T>(int rows, int panels, in TileTask<T> task)
        where T : unmanaged
    {
        if (task.BInner != Vector512<T>.Count)
        {
            Run<T, GivenStrides>(rows, panels, task);
        }
        else if (task.AInner == 1)
        {
            Run<T, RowsTimesPanels>(rows, panels, task);
        }
        else if (task.PackedA && task.AInner == rows)
        {
            Run<T, StripsTimesPanels>(rows, panels, task);
        }
        else
        {
            Run<T, GivenStrides>(rows, panels, task);
        }
    }

    private static void Run<T, TStrides>(int rows, int panels, in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
    {
        if (VectorMath.IsTwoHalves)
        {
            RunHalves<T, TStrides>(rows, task);
        }
        else if (panels == 2)
        {
            RunTwoPanels<T, TStrides>(rows, task);
        }
        else
        {
            RunOnePanel<T, TStrides>(rows, task);
        }
    }

    /// <summary>
    /// Runs any number of rows, in blocks of nearly equal size; the task's split is ignored. Only the first
    /// <paramref name="columns"/> columns of C are touched.
    /// </summary>
    public static void RunRows<T>(int rows, int panels, int columns, in TileTask<T> task)
        where T : unmanaged
    {
        var block = task;
        var maximum = MaxRows(panels);
        var blocks = (rows + maximum - 1) / maximum;
        for (var index = 0; index < blocks; index++)
        {
            var size = BlockRows(rows, blocks, index);
            block.ASplit = (size + 1) / 2 * block.ARow;
            RunColumns(size, panels, columns, block);
            block.A += size * block.ARow;
            block.C += size * block.CRow;
        }
    }

    /// <summary>
    /// Runs any number of rows and panels, blocks of rows outside, panels inside: C is walked along its rows, and a strip of A stays in
    /// the fastest cache while all panels pass. Each block of rows asks for its share of what lies <paramref name="next"/> elements
    /// behind the panels.
    /// </summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="maxPanels">The largest number of panels of a block, 1 or <see cref="MaxPanels"/>.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="next">Distance from a panel to one that is multiplied later and comes from far memory; 0 for none.</param>
    /// <param name="task">The first block; its split is ignored.</param>
    public static void RunPanels<T>(int rows, int maxPanels, int columns, nint next, in TileTask<T> task)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var block = task;
        maxPanels = task.PackedA ? PanelsOfStrips(rows) : maxPanels;
        var maximum = MaxRows(columns > lanes || task.PackedA ? maxPanels : 1);
        var blocks = (rows + maximum - 1) / maximum;
        for (var index = 0; index < blocks; index++)
        {
            var size = BlockRows(rows, blocks, index);
            block.ASplit = (size + 1) / 2 * block.ARow;
            block.AInner = task.PackedA ? size : task.AInner;
            block.B = task.B;
            block.FetchStep = next == 0 ? 0 : (lanes + blocks - 1) / blocks;
            var share = next + (task.Inner * index / blocks * task.BInner);
            var c = block.C;
            for (var column = 0; column < columns;)
            {
                var panels = columns - column > lanes ? maxPanels : 1;
                block.Fetch = block.B + share;
                FetchTarget(size, panels, block.C, block.CRow);
                RunColumns(size, panels, Math.Min(panels * lanes, columns - column), block);
                block.B += panels * block.BPanel;
                block.C += panels * lanes;
                column += panels * lanes;
            }

            block.A += task.PackedA ? StripSize<T>(size, task.Inner) : size * block.ARow;
            block.C = c + (size * block.CRow);
        }
    }

    /// <summary>
    /// Asks for a block of C, which is added to or written when the sums are complete: rows of C lie far apart, so that none of them
    /// announces the next.
    /// </summary>
    private static void FetchTarget<T>(int rows, int panels, T* c, nint cRow)
        where T : unmanaged
    {
        for (var row = 0; Sse.IsSupported && row < rows; row++, c += cRow)
        {
            Sse.Prefetch0(c);
            if (panels == 2)
            {
                Sse.Prefetch0(c + Vector512<T>.Count);
            }
        }
    }

    /// <summary>Runs one block, of whose columns only the first <paramref name="columns"/> exist in C.</summary>
    public static void RunColumns<T>(int rows, int panels, int columns, in TileTask<T> task)
        where T : unmanaged
    {
        if (columns == panels * Vector512<T>.Count)
        {
            Run(rows, panels, task);
        }
        else
        {
            RunThroughScratch(rows, panels, columns, task);
        }
    }

    [SkipLocalsInit]
    private static void RunThroughScratch<T>(int rows, int panels, int columns, TileTask<T> task)
        where T : unmanaged
    {
        var lanes = Vector512<T>.Count;
        var scratch = stackalloc T[16 * 2 * lanes];
        var c = task.C;
        var (row, accumulate) = (task.CRow, task.Accumulate);
        task.C = scratch;
        (task.CRow, task.Accumulate) = (panels * lanes, false);
        Run(rows, panels, task);
        for (var r = 0; r < rows; r++)
        {
            for (var column = 0; column < columns; column += lanes)
            {
                var count = Math.Min(lanes, columns - column);
                var target = c + (r * row) + column;
                var value = Vector512.Load(scratch + (r * panels * lanes) + column);
                VectorMath.StorePartial(accumulate ? value + VectorMath.LoadPartial(target, count) : value, target, count);
            }
        }
    }

    /// <summary>Asks for what a turn's steps are to fetch, line by line, and returns where the next turn begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* FetchTurn<T>(T* fetch, nint fetchStep)
        where T : unmanaged
    {
        var end = fetch + (StepsInTurn * fetchStep);
        for (; fetch < end; fetch += Vector512<T>.Count)
        {
            Sse.Prefetch1(fetch);
        }

        return end;
    }
}

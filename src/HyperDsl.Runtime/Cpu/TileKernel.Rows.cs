using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// The micro-kernel for 32 registers of 512 bits: up to 14 rows of two panels are 28 accumulators, which with two vectors of B and one
/// element of A nearly fill the registers.
/// </summary>
internal static unsafe partial class TileKernel
{
    private static void RunOnePanel<T, TStrides>(int rows, in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
    {
        switch (rows)
        {
            case 1: Run<T, TStrides, Rows1x1<T>, NoRows<T>, NoRows<T>, NoRows<T>>(task); break;
            case 2: Run<T, TStrides, Rows1x1<T>, NoRows<T>, Rows1x1<T>, NoRows<T>>(task); break;
            case 3: Run<T, TStrides, Rows2x1<T>, NoRows<T>, Rows1x1<T>, NoRows<T>>(task); break;
            case 4: Run<T, TStrides, Rows2x1<T>, NoRows<T>, Rows2x1<T>, NoRows<T>>(task); break;
            case 5: Run<T, TStrides, Rows3x1<T>, NoRows<T>, Rows2x1<T>, NoRows<T>>(task); break;
            case 6: Run<T, TStrides, Rows3x1<T>, NoRows<T>, Rows3x1<T>, NoRows<T>>(task); break;
            case 7: Run<T, TStrides, Rows4x1<T>, NoRows<T>, Rows3x1<T>, NoRows<T>>(task); break;
            case 8: Run<T, TStrides, Rows4x1<T>, NoRows<T>, Rows4x1<T>, NoRows<T>>(task); break;
            case 9: Run<T, TStrides, Rows4x1<T>, Rows1x1<T>, Rows4x1<T>, NoRows<T>>(task); break;
            case 10: Run<T, TStrides, Rows4x1<T>, Rows1x1<T>, Rows4x1<T>, Rows1x1<T>>(task); break;
            case 11: Run<T, TStrides, Rows4x1<T>, Rows2x1<T>, Rows4x1<T>, Rows1x1<T>>(task); break;
            case 12: Run<T, TStrides, Rows4x1<T>, Rows2x1<T>, Rows4x1<T>, Rows2x1<T>>(task); break;
            case 13: Run<T, TStrides, Rows4x1<T>, Rows3x1<T>, Rows4x1<T>, Rows2x1<T>>(task); break;
            case 14: Run<T, TStrides, Rows4x1<T>, Rows3x1<T>, Rows4x1<T>, Rows3x1<T>>(task); break;
            case 15: Run<T, TStrides, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>, Rows3x1<T>>(task); break;
            case 16: Run<T, TStrides, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>, Rows4x1<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of one panel has 1 to 16 rows.");
        }
    }

    private static void RunTwoPanels<T, TStrides>(int rows, in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
    {
        switch (rows)
        {
            case 1: Run<T, TStrides, Rows1x2<T>, NoRows<T>, NoRows<T>, NoRows<T>>(task); break;
            case 2: Run<T, TStrides, Rows1x2<T>, NoRows<T>, Rows1x2<T>, NoRows<T>>(task); break;
            case 3: Run<T, TStrides, Rows2x2<T>, NoRows<T>, Rows1x2<T>, NoRows<T>>(task); break;
            case 4: Run<T, TStrides, Rows2x2<T>, NoRows<T>, Rows2x2<T>, NoRows<T>>(task); break;
            case 5: Run<T, TStrides, Rows3x2<T>, NoRows<T>, Rows2x2<T>, NoRows<T>>(task); break;
            case 6: Run<T, TStrides, Rows3x2<T>, NoRows<T>, Rows3x2<T>, NoRows<T>>(task); break;
            case 7: Run<T, TStrides, Rows4x2<T>, NoRows<T>, Rows3x2<T>, NoRows<T>>(task); break;
            case 8: Run<T, TStrides, Rows4x2<T>, NoRows<T>, Rows4x2<T>, NoRows<T>>(task); break;
            case 9: Run<T, TStrides, Rows4x2<T>, Rows1x2<T>, Rows4x2<T>, NoRows<T>>(task); break;
            case 10: Run<T, TStrides, Rows4x2<T>, Rows1x2<T>, Rows4x2<T>, Rows1x2<T>>(task); break;
            case 11: Run<T, TStrides, Rows4x2<T>, Rows2x2<T>, Rows4x2<T>, Rows1x2<T>>(task); break;
            case 12: Run<T, TStrides, Rows4x2<T>, Rows2x2<T>, Rows4x2<T>, Rows2x2<T>>(task); break;
            case 13: Run<T, TStrides, Rows4x2<T>, Rows3x2<T>, Rows4x2<T>, Rows2x2<T>>(task); break;
            case 14: Run<T, TStrides, Rows4x2<T>, Rows3x2<T>, Rows4x2<T>, Rows3x2<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of two panels has 1 to 14 rows.");
        }
    }

    // The form of A is a comparison of types, which the compiler decides before it inlines: with a property both forms would be inlined, and
    // there is room for one. Above 512 locals .NET calls what it should inline, at a quarter of the speed (TileKernelInliningTests).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TStrides, TFirst, TSecond, TThird, TFourth>(in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
        where TFirst : struct, ITile<T>
        where TSecond : struct, ITile<T>
        where TThird : struct, ITile<T>
        where TFourth : struct, ITile<T>
    {
        TFirst first = default;
        TSecond second = default;
        TThird third = default;
        TFourth fourth = default;
        var upperRows = TFirst.Rows + TSecond.Rows;
        var row = TStrides.ARow(task.ARow);
        var split = TStrides.ASplit(task.ASplit, upperRows);
        var rows = new RowOffsets(row, TFirst.Rows * row, split, split + (TThird.Rows * row));
        var aInner = TStrides.AInner(task.AInner, upperRows + TThird.Rows + TFourth.Rows);
        var bInner = TStrides.BInner(task.BInner, Vector512<T>.Count);
        var panel = task.BPanel;
        var aOuter = task.A;
        var bOuter = task.B;
        var fetch = task.Fetch;
        var (fetchStep, outer) = (task.FetchStep, task.Outer);
        do
        {
            var a = aOuter;
            var again = aOuter;
            var b = bOuter;
            var inner = task.Inner;
            for (; TStrides.AreKnown && inner >= StepsInTurn; inner -= StepsInTurn)
            {
                if (Sse.IsSupported && fetchStep != 0)
                {
                    FetchTurn(fetch + panel, fetchStep);
                    fetch = FetchTurn(fetch, fetchStep);
                }

                if (typeof(TStrides) == typeof(StripsTimesPanels))
                {
                    StepOfStrip(ref first, ref second, ref third, ref fourth, rows, a, again, 0, b, 0, panel);
                    StepOfStrip(ref first, ref second, ref third, ref fourth, rows, a, again, aInner, b, bInner, panel);
                    StepOfStrip(ref first, ref second, ref third, ref fourth, rows, a, again, 2 * aInner, b, 2 * bInner, panel);
                    StepOfStrip(ref first, ref second, ref third, ref fourth, rows, a, again, 3 * aInner, b, 3 * bInner, panel);
                }
                else
                {
                    var a2 = a + rows.Second;
                    var a3 = a + rows.Third;
                    var a4 = a + rows.Fourth;
                    StepOfRows(ref first, ref second, ref third, ref fourth, rows, a, a2, a3, a4, 0, b, 0, panel);
                    StepOfRows(ref first, ref second, ref third, ref fourth, rows, a, a2, a3, a4, aInner, b, bInner, panel);
                    StepOfRows(ref first, ref second, ref third, ref fourth, rows, a, a2, a3, a4, 2 * aInner, b, 2 * bInner, panel);
                    StepOfRows(ref first, ref second, ref third, ref fourth, rows, a, a2, a3, a4, 3 * aInner, b, 3 * bInner, panel);
                }

                a += StepsInTurn * aInner;
                again += StepsInTurn * aInner;
                b += StepsInTurn * bInner;
            }

            for (; inner > 0; inner--)
            {
                StepOfRows(ref first, ref second, ref third, ref fourth, rows, a, a + rows.Second, a + rows.Third, a + rows.Fourth, 0, b, 0, panel);
                a += aInner;
                b += bInner;
            }

            aOuter += task.AOuter;
            bOuter += task.BOuter;
        }
        while (--outer > 0);

        var c = task.C;
        var cRow = task.CRow;
        if (task.Accumulate)
        {
            first.Add(c, cRow);
            second.Add(c + (TFirst.Rows * cRow), cRow);
            third.Add(c + (upperRows * cRow), cRow);
            fourth.Add(c + ((upperRows + TThird.Rows) * cRow), cRow);
        }
        else
        {
            first.Store(c, cRow);
            second.Store(c + (TFirst.Rows * cRow), cRow);
            third.Store(c + (upperRows * cRow), cRow);
            fourth.Store(c + ((upperRows + TThird.Rows) * cRow), cRow);
        }
    }

    /// <summary>
    /// One inner step, whose rows of A lie so many elements behind four pointers; where the number is known, that costs no instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepOfRows<T, TFirst, TSecond, TThird, TFourth>(
        ref TFirst first, ref TSecond second, ref TThird third, ref TFourth fourth, in RowOffsets rows, T* a, T* a2, T* a3, T* a4, nint offset,
        T* b, nint bOffset, nint panel)
        where T : unmanaged
        where TFirst : struct, ITile<T>
        where TSecond : struct, ITile<T>
        where TThird : struct, ITile<T>
        where TFourth : struct, ITile<T>
    {
        var b0 = Vector512.Load(b + bOffset);
        var b1 = TFirst.Panels == 2 ? Vector512.Load(b + panel + bOffset) : b0;
        first.MultiplyAdd(a, rows, offset, b0, b1);
        second.MultiplyAdd(a2, rows, offset, b0, b1);
        third.MultiplyAdd(a3, rows, offset, b0, b1);
        fourth.MultiplyAdd(a4, rows, offset, b0, b1);
    }

    /// <summary>
    /// One inner step of a strip: all distances are known and become parts of addresses. Most rows are operands in memory, the last tile's
    /// never: there are two loads a cycle, as many as multiply-adds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepOfStrip<T, TFirst, TSecond, TThird, TFourth>(
        ref TFirst first, ref TSecond second, ref TThird third, ref TFourth fourth, in RowOffsets rows, T* a, T* again, nint offset,
        T* b, nint bOffset, nint panel)
        where T : unmanaged
        where TFirst : struct, ITile<T>
        where TSecond : struct, ITile<T>
        where TThird : struct, ITile<T>
        where TFourth : struct, ITile<T>
    {
        var b0 = Vector512.Load(b + bOffset);
        var b1 = TFirst.Panels == 2 ? Vector512.Load(b + panel + bOffset) : b0;
        first.MultiplyAddFromMemory(a, again, rows, offset, b0, b1);
        second.MultiplyAddFromMemory(a, again, rows, rows.Second + offset, b0, b1);
        if (TFourth.Rows > 0)
        {
            third.MultiplyAddFromMemory(a, again, rows, rows.Third + offset, b0, b1);
        }
        else
        {
            third.MultiplyAdd(a, rows, rows.Third + offset, b0, b1);
        }

        fourth.MultiplyAdd(a, rows, rows.Fourth + offset, b0, b1);
    }
}

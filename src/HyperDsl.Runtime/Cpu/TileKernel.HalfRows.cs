using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>
/// The micro-kernel for 16 registers of 256 bits: up to 6 rows of one panel are 12 accumulators, which with two halves of B and one
/// element of A fill the registers.
/// </summary>
internal static unsafe partial class TileKernel
{
    private static void RunHalves<T, TStrides>(int rows, in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
    {
        switch (rows)
        {
            case 1: RunHalves<T, TStrides, HalfRows1<T>, NoHalfRows<T>>(task); break;
            case 2: RunHalves<T, TStrides, HalfRows1<T>, HalfRows1<T>>(task); break;
            case 3: RunHalves<T, TStrides, HalfRows2<T>, HalfRows1<T>>(task); break;
            case 4: RunHalves<T, TStrides, HalfRows2<T>, HalfRows2<T>>(task); break;
            case 5: RunHalves<T, TStrides, HalfRows3<T>, HalfRows2<T>>(task); break;
            case 6: RunHalves<T, TStrides, HalfRows3<T>, HalfRows3<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of halves has 1 to 6 rows.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunHalves<T, TStrides, TUpper, TLower>(in TileTask<T> task)
        where T : unmanaged
        where TStrides : ITileStrides
        where TUpper : struct, IHalfTile<T>
        where TLower : struct, IHalfTile<T>
    {
        TUpper upper = default;
        TLower lower = default;
        var rows = new HalfRowOffsets(TStrides.ARow(task.ARow), TStrides.ASplit(task.ASplit, TUpper.Rows));
        var aInner = TStrides.AInner(task.AInner, TUpper.Rows + TLower.Rows);
        var bInner = TStrides.BInner(task.BInner, Vector512<T>.Count);
        var aOuter = task.A;
        var bOuter = task.B;
        var fetch = task.Fetch;
        var (fetchStep, outer) = (task.FetchStep, task.Outer);
        do
        {
            var a = aOuter;
            var b = bOuter;
            var inner = task.Inner;
            for (; TStrides.AreKnown && inner >= StepsInTurn; inner -= StepsInTurn)
            {
                if (Sse.IsSupported && fetchStep != 0)
                {
                    fetch = FetchTurn(fetch, fetchStep);
                }

                Step(ref upper, ref lower, rows, a, b, 0, 0);
                Step(ref upper, ref lower, rows, a, b, aInner, bInner);
                Step(ref upper, ref lower, rows, a, b, 2 * aInner, 2 * bInner);
                Step(ref upper, ref lower, rows, a, b, 3 * aInner, 3 * bInner);
                a += StepsInTurn * aInner;
                b += StepsInTurn * bInner;
            }

            for (; !TStrides.AreKnown && inner >= 2; inner -= 2)
            {
                Step(ref upper, ref lower, rows, a, b, 0, 0);
                a += aInner;
                b += bInner;
                Step(ref upper, ref lower, rows, a, b, 0, 0);
                a += aInner;
                b += bInner;
            }

            for (; inner > 0; inner--)
            {
                Step(ref upper, ref lower, rows, a, b, 0, 0);
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
            upper.Add(c, cRow);
            lower.Add(c + (TUpper.Rows * cRow), cRow);
        }
        else
        {
            upper.Store(c, cRow);
            lower.Store(c + (TUpper.Rows * cRow), cRow);
        }
    }

    /// <summary>
    /// One inner step, whose operands lie so many elements behind the pointers; where the number is known, that costs no instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, TUpper, TLower>(
        ref TUpper upper, ref TLower lower, in HalfRowOffsets rows, T* a, T* b, nint aOffset, nint bOffset)
        where T : unmanaged
        where TUpper : struct, IHalfTile<T>
        where TLower : struct, IHalfTile<T>
    {
        var low = Vector256.Load(b + bOffset);
        var high = Vector256.Load(b + (bOffset + Vector256<T>.Count));
        upper.MultiplyAdd(a, 0, rows.Upper1, rows.Upper2, aOffset, low, high);
        lower.MultiplyAdd(a, rows.Lower0, rows.Lower1, rows.Lower2, aOffset, low, high);
    }

    /// <summary>Elements from the first row of A to the others: held in registers, one for each row.</summary>
    private readonly struct HalfRowOffsets(nint row, nint split)
    {
        public readonly nint Upper1 = row;
        public readonly nint Upper2 = 2 * row;
        public readonly nint Lower0 = split;
        public readonly nint Lower1 = split + row;
        public readonly nint Lower2 = split + (2 * row);
    }
}

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
    private static void RunHalves<T>(int rows, in TileTask<T> task)
        where T : unmanaged
    {
        switch (rows)
        {
            case 1: RunHalves<T, HalfRows1<T>, NoHalfRows<T>>(task); break;
            case 2: RunHalves<T, HalfRows1<T>, HalfRows1<T>>(task); break;
            case 3: RunHalves<T, HalfRows2<T>, HalfRows1<T>>(task); break;
            case 4: RunHalves<T, HalfRows2<T>, HalfRows2<T>>(task); break;
            case 5: RunHalves<T, HalfRows3<T>, HalfRows2<T>>(task); break;
            case 6: RunHalves<T, HalfRows3<T>, HalfRows3<T>>(task); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A block of halves has 1 to 6 rows.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunHalves<T, TUpper, TLower>(in TileTask<T> task)
        where T : unmanaged
        where TUpper : struct, IHalfTile<T>
        where TLower : struct, IHalfTile<T>
    {
        TUpper upper = default;
        TLower lower = default;
        var (row, split, aInner, bInner) = (task.ARow, task.ASplit, task.AInner, task.BInner);
        var aOuter = task.A;
        var bOuter = task.B;
        var outer = task.Outer;
        var fetch = task.Fetch;
        var fetchStep = task.FetchStep;
        do
        {
            var a = aOuter;
            var b = bOuter;
            var aLower = aOuter + split;
            var inner = task.Inner;
            do
            {
                if (Sse.IsSupported && fetchStep != 0)
                {
                    Sse.Prefetch1(fetch);
                    fetch += fetchStep;
                }

                var low = Vector256.Load(b);
                var high = Vector256.Load(b + Vector256<T>.Count);
                upper.MultiplyAdd(a, row, low, high);
                lower.MultiplyAdd(aLower, row, low, high);
                a += aInner;
                aLower += aInner;
                b += bInner;
            }
            while (--inner > 0);
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
}

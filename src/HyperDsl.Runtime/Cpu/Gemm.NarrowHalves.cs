using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Products with a few columns where vectors have 256 bits: the 8 halves of one row's sums fit into registers, with the order of
/// additions, and so the bits, of the wider form.
/// </summary>
public static unsafe partial class Gemm
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRowInHalves<T>(int k, int columns, T* a, T* b, T* c)
        where T : unmanaged
    {
        var (half, lanes) = (Vector256<T>.Count, Vector512<T>.Count);
        Vector256<T> low0 = default, low1 = default, low2 = default, low3 = default;
        Vector256<T> high0 = default, high1 = default, high2 = default, high3 = default;
        var b1 = b + (columns > 1 ? k : 0);
        var b2 = b + (columns > 2 ? 2 * k : 0);
        var b3 = b + (columns > 3 ? 3 * k : 0);
        var p = 0;
        for (; p <= k - lanes; p += lanes)
        {
            var (low, high) = (Vector256.Load(a + p), Vector256.Load(a + p + half));
            low0 = VectorMath.FusedMultiplyAdd(low, Vector256.Load(b + p), low0);
            high0 = VectorMath.FusedMultiplyAdd(high, Vector256.Load(b + p + half), high0);
            low1 = VectorMath.FusedMultiplyAdd(low, Vector256.Load(b1 + p), low1);
            high1 = VectorMath.FusedMultiplyAdd(high, Vector256.Load(b1 + p + half), high1);
            low2 = VectorMath.FusedMultiplyAdd(low, Vector256.Load(b2 + p), low2);
            high2 = VectorMath.FusedMultiplyAdd(high, Vector256.Load(b2 + p + half), high2);
            low3 = VectorMath.FusedMultiplyAdd(low, Vector256.Load(b3 + p), low3);
            high3 = VectorMath.FusedMultiplyAdd(high, Vector256.Load(b3 + p + half), high3);
        }

        var row = new FourSums<T>(
            Vector512.Create(low0, high0), Vector512.Create(low1, high1), Vector512.Create(low2, high2), Vector512.Create(low3, high3));
        if (p < k)
        {
            var left = k - p;
            row.Add(
                VectorMath.LoadPartial(a + p, left), VectorMath.LoadPartial(b + p, left), VectorMath.LoadPartial(b1 + p, left),
                VectorMath.LoadPartial(b2 + p, left), VectorMath.LoadPartial(b3 + p, left));
        }

        row.Store(c, columns);
    }
}

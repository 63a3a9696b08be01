using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Training;

/// <summary>Bounds gradients.</summary>
public static class Clipping
{
    /// <summary>
    /// The sum of squares, added in double precision in an order that depends on positions only: element i goes to partial
    /// sum i mod 8, and these are added in order.
    /// </summary>
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector512<double> sums = Vector512<double>.Zero;
        int whole = values.Length & ~7;
        for (int index = 0; index < whole; index += 8)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)index));
            Vector512<double> wide = Vector512.Create(lower, upper);
            sums = Vector512.FusedMultiplyAdd(wide, wide, sums);
        }

        double total = 0;
        for (int lane = 0; lane < 8; lane++)
        {
            double sum = sums.GetElement(lane);
            if (whole + lane < values.Length)
            {
                double value = values[whole + lane];
                sum = Math.FusedMultiplyAdd(value, value, sum);
            }

            total += sum;
        }

        return total;
    }

    /// <summary>Scales a gradient whose Euclidean norm exceeds a bound down to the bound: g · min(1, bound / ‖g‖).</summary>
    /// <returns>The norm before.</returns>
    public static double ByNorm(Span<float> gradient, double bound)
    {
        double norm = Math.Sqrt(SumOfSquares(gradient));
        if (norm > bound)
        {
            Scale(gradient, (float)(bound / norm));
        }

        return norm;
    }

    /// <summary>Cuts every element to [−bound, bound]; NaN stays.</summary>
    public static void ByValue(Span<float> gradient, double bound)
    {
        float limit = (float)bound;
        ref float first = ref MemoryMarshal.GetReference(gradient);
        int whole = gradient.Length & ~15;
        for (int index = 0; index < whole; index += 16)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref first, (nuint)index);
            Vector512.Clamp(value, Vector512.Create(-limit), Vector512.Create(limit)).StoreUnsafe(ref first, (nuint)index);
        }

        foreach (ref float value in gradient[whole..])
        {
            value = Math.Clamp(value, -limit, limit);
        }
    }

    internal static void Scale(Span<float> values, float factor)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int whole = values.Length & ~15;
        for (int index = 0; index < whole; index += 16)
        {
            (Vector512.LoadUnsafe(ref first, (nuint)index) * factor).StoreUnsafe(ref first, (nuint)index);
        }

        foreach (ref float value in values[whole..])
        {
            value *= factor;
        }
    }
}

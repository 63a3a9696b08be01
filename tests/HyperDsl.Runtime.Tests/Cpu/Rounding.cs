using System.Numerics;
using Xunit;

namespace HyperDsl.Cpu;

/// <summary>Bounds on rounding errors.</summary>
internal static class Rounding
{
    /// <summary>Half the distance from 1 to the next number.</summary>
    public static double Unit<T>()
        where T : unmanaged, INumber<T>
        => typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : Math.ScaleB(1, -53);

    /// <summary>
    /// Any order of summation of <paramref name="terms"/> products is off by at most terms · u · Σ|products| to first order (Higham 2002,
    /// section 3.1). The reference sums in double and is off by the same bound of double, hence the factor 2; 4 more roundings are
    /// allowed for what is done with the sum.
    /// </summary>
    public static void AssertSum<T>(double expected, double actual, int terms, double sumOfMagnitudes, string where)
        where T : unmanaged, INumber<T>
    {
        var tolerance = 2 * (terms + 4) * Unit<T>() * sumOfMagnitudes;
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{where}: expected {expected:R}, got {actual:R}, tolerance {tolerance:R}");
    }
}

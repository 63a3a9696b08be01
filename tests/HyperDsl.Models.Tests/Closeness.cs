namespace HyperDsl.Models;

/// <summary>Comparison of numbers that were rounded on different ways.</summary>
internal static class Closeness
{
    public const double SingleRoundoff = 1.0 / (1 << 24);
    public const double DoubleRoundoff = 1.0 / (1L << 53);

    /// <summary>
    /// Compares elements; each may differ by unit × terms × scale, which is the largest magnitude among those expected unless
    /// given.
    /// </summary>
    public static void Agree(
        ReadOnlySpan<double> expected, ReadOnlySpan<double> found, double unit, int terms, string what, double? scale = null)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = 0;
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        double tolerance = unit * terms * (scale ?? largest);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= tolerance,
                $"{what}, element {i}: expected {expected[i]:R}, found {found[i]:R}, tolerance {tolerance:R}");
        }
    }

    public static double[] Widened(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }
}

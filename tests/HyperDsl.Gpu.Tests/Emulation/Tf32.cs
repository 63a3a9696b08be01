namespace HyperDsl.Gpu.Tests;

/// <summary>Numbers of eight exponent bits and ten mantissa bits.</summary>
internal static class Tf32
{
    private const int Mantissa = 10;
    private const int LeastExponent = -126;

    /// <summary>The definition of <c>cvt.rna.tf32.f32</c>: the nearest such number, of two the larger in magnitude.</summary>
    public static float Rounded(float value)
    {
        if (!float.IsFinite(value) || value == 0)
        {
            return value;
        }

        double unit = Math.ScaleB(1, Math.Max(Math.ILogB(value), LeastExponent) - Mantissa);
        return (float)(Math.Round(value / unit, MidpointRounding.AwayFromZero) * unit);
    }
}

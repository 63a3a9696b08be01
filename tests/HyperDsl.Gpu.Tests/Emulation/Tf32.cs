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

    /// <summary>Ties, ends of the range, NaN with payloads of all sizes, and any numbers; 1024 in all.</summary>
    public static float[] Samples()
    {
        Random random = new(5);
        return
        [
            0f, 1f, 1f + (1f / 2048), 1f + (1f / 4096), -1f - (3f / 2048), 2f - (1f / (1 << 23)), float.MaxValue, float.PositiveInfinity,
            float.NegativeInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF), BitConverter.UInt32BitsToSingle(0x7F800001),
            .. Enumerable.Range(0, 1012).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))),
        ];
    }
}

using ILGPU;

namespace HyperDsl.Gpu;

/// <summary>
/// Elementary functions for kernels, made of additions, multiplications, divisions and roots only: devices round these as IEEE 754 says,
/// while their own functions differ by device (CUDA's tanh is right to 2⁻¹¹ only). The formulas are those of the CPU's vector functions
/// without fused multiply-add, which a device may or may not use. Errors are stated for inputs whose results are normal numbers.
/// </summary>
public static class DeviceMath
{
    /// <summary>Adding and subtracting it rounds to an integer, which then stands in the low bits.</summary>
    private const float RoundToInteger = 12582912f;

    private const int RoundToIntegerBits = 0x4B400000;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts, the first of 9 bits: its product with a small integer is exact without fused multiply-add.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const int RootHalfBits = 0x3F3504F3;
    private const float SmallestNormal = 1.17549435e-38f;

    // π/2 in three parts of at most 10 bits each and a rest.
    private const float TwoOverPi = 0.636619772f;
    private const float HalfPi1 = 1.5703125f;
    private const float HalfPi2 = 4.837512969970703125e-4f;
    private const float HalfPi3 = 7.54978995489188216e-8f;

    /// <summary>e to the power x. Error at most 2 ulp.</summary>
    public static float Exp(float x)
    {
        x = x < -104f ? -104f : x > 89f ? 89f : x;
        float shifted = (x * Log2E) + RoundToInteger;
        float n = shifted - RoundToInteger;
        float r = x - (n * Ln2High) - (n * Ln2Low);
        float q = (0.00138146f * r) + 0.008368717f;
        q = (q * r) + 0.041668388f;
        q = (q * r) + 0.166665206f;
        q = (q * r) + 0.49999993f;
        float mantissa = (r * r * q) + r + 1f;
        int exponent = (int)Interop.FloatAsInt(shifted) - RoundToIntegerBits;
        int half = exponent >> 1;
        return mantissa * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e⁻ˣ). Error at most 4 ulp.</summary>
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary>The hyperbolic tangent, as m / (m + 2) with m = e²ˣ − 1. Error at most 4 ulp.</summary>
    public static float Tanh(float x)
    {
        x = x < -10f ? -10f : x > 10f ? 10f : x;
        x += x;
        float shifted = (x * Log2E) + RoundToInteger;
        float n = shifted - RoundToInteger;
        float r = x - (n * Ln2High) - (n * Ln2Low);
        float q = (0.001394645f * r) + 0.008366584f;
        q = (q * r) + 0.041666282f;
        q = (q * r) + 0.16666543f;
        q = (q * r) + 0.5f;
        q = (r * r * q) + r;
        float power = PowerOfTwo((int)Interop.FloatAsInt(shifted) - RoundToIntegerBits);
        float m = (q * power) + (power - 1f);
        return m / (m + 2f);
    }

    /// <summary>The natural logarithm. Error at most 2 ulp.</summary>
    public static float Log(float x)
    {
        bool small = x < SmallestNormal;
        int bits = (int)Interop.FloatAsInt(small ? x * 8388608f : x);
        int exponent = (bits - RootHalfBits) >> 23;
        float f = Interop.IntAsFloat((uint)(bits - (exponent << 23))) - 1f;
        float e = exponent - (small ? 23f : 0f);
        float square = f * f;
        float p = (-0.0763449398631f * f) + 0.127615745496f;
        p = (p * f) - 0.13160182163f;
        p = (p * f) + 0.142017583522f;
        p = (p * f) - 0.166233574103f;
        p = (p * f) + 0.20001226863f;
        p = (p * f) - 0.250008210321f;
        p = (p * f) + 0.333333317078f;
        p = (p * f * square) + (e * Ln2Low);
        p -= 0.5f * square;
        float result = f + p + (e * Ln2High);
        return x > 0f && x < float.PositiveInfinity ? result : x == 0f ? float.NegativeInfinity : x < 0f ? float.NaN : x;
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). Error at most 4 ulp.</summary>
    public static float Softplus(float x)
    {
        float power = Exp(x < 0f ? x : -x);
        float sum = 1f + power;
        float lost = power - (sum - 1f);
        return (x > 0f ? x : 0f) + (Log(sum) + (lost / sum));
    }

    /// <summary>The sine. Absolute error at most 2⁻²³ for |x| up to 1000, growing in proportion to x beyond.</summary>
    public static float Sin(float x) => SinShifted(x, 0);

    /// <summary>The cosine. Absolute error as of <see cref="Sin"/>.</summary>
    public static float Cos(float x) => SinShifted(x, 1);

    /// <summary>The larger number; NaN if either is NaN.</summary>
    public static float Maximum(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a > b ? a : b;

    /// <summary>The smaller number; NaN if either is NaN.</summary>
    public static float Minimum(float a, float b) => float.IsNaN(a) ? a : float.IsNaN(b) ? b : a < b ? a : b;

    private static float SinShifted(float x, int quarters)
    {
        float shifted = (x * TwoOverPi) + RoundToInteger;
        float n = shifted - RoundToInteger;
        float r = x - (n * HalfPi1) - (n * HalfPi2) - (n * HalfPi3);
        float square = r * r;
        float sine = (-0.000195152002976f * square) + 0.00833216016316f;
        sine = (sine * square) - 0.166666546003f;
        sine = (sine * square * r) + r;
        float cosine = (2.44330623628e-5f * square) - 0.00138873154421f;
        cosine = (cosine * square) + 0.0416666456667f;
        cosine = (cosine * square * square) - (0.5f * square) + 1f;
        int quadrant = (int)Interop.FloatAsInt(shifted) + quarters;
        float result = (quadrant & 1) == 0 ? sine : cosine;
        return (quadrant & 2) == 0 ? result : -result;
    }

    private static float PowerOfTwo(int exponent) => Interop.IntAsFloat((uint)((exponent + 127) << 23));
}

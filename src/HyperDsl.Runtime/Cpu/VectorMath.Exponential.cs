using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

public static unsafe partial class VectorMath
{
    /// <summary>Adding and subtracting it rounds to an integer, which then stands in the low bits.</summary>
    private const float RoundToInteger = 12582912f;

    private const int RoundToIntegerBits = 0x4B400000;
    private const float Log2E = 1.44269504f;
    private const float Ln2 = 0.693147182f;
    private const float Ln2Rest = -1.90465421e-9f;

    /// <summary>
    /// e to the power x. Error at most 1.1 ulp where the result is normal; smaller results are rounded to subnormal numbers, larger
    /// ones are infinite. With n = round(x log₂e) and r = x − n ln2 it is 2ⁿ (1 + r + r² q(r)), q the minimax polynomial.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated
        ? ExpHalves(x)
        : ExpWhole(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpWhole(Vector512<float> x)
    {
        // the constant comes first: then a NaN passes
        x = Vector512.MinNative(Vector512.Create(89f), Vector512.MaxNative(Vector512.Create(-104f), x));
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundToInteger));
        var n = shifted - Vector512.Create(RoundToInteger);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), r);
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(0.00138146f), r, Vector512.Create(0.008368717f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.041668388f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.166665206f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.49999993f));
        var mantissa = Vector512.FusedMultiplyAdd(r * r, q, r) + Vector512.Create(1f);
        if (Avx512F.IsSupported)
        {
            return Avx512F.Scale(mantissa, n);
        }

        var exponent = shifted.AsInt32() - Vector512.Create(RoundToIntegerBits);
        var half = exponent >> 1;
        return mantissa * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <inheritdoc cref="Exp(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        x = x < -104 ? -104 : x > 89 ? 89 : x;
        var shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundToInteger);
        var n = shifted - RoundToInteger;
        var r = MathF.FusedMultiplyAdd(n, -Ln2, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Rest, r);
        var q = MathF.FusedMultiplyAdd(0.00138146f, r, 0.008368717f);
        q = MathF.FusedMultiplyAdd(q, r, 0.041668388f);
        q = MathF.FusedMultiplyAdd(q, r, 0.166665206f);
        q = MathF.FusedMultiplyAdd(q, r, 0.49999993f);
        var mantissa = MathF.FusedMultiplyAdd(r * r, q, r) + 1f;
        var exponent = BitConverter.SingleToInt32Bits(shifted) - RoundToIntegerBits;
        var half = exponent >> 1;
        return mantissa * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e⁻ˣ). Error at most 3 ulp, also in the negative tail down to −86.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated
        ? SigmoidHalves(x)
        : Vector512<float>.One / (Vector512<float>.One + ExpWhole(-x));

    /// <inheritdoc cref="Sigmoid(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => 1 / (1 + Exp(-x));

    /// <summary>The hyperbolic tangent, as m / (m + 2) with m = e²ˣ − 1. Error at most 3 ulp; −0 becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x) => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated
        ? TanhHalves(x)
        : TanhWhole(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TanhWhole(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.Create(10f), Vector512.MaxNative(Vector512.Create(-10f), x));
        x += x;
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundToInteger));
        var n = shifted - Vector512.Create(RoundToInteger);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), r);
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(0.001394645f), r, Vector512.Create(0.008366584f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.041666282f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.16666543f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.5f));
        q = Vector512.FusedMultiplyAdd(r * r, q, r);
        var power = PowerOfTwo(shifted.AsInt32() - Vector512.Create(RoundToIntegerBits));
        var m = Vector512.FusedMultiplyAdd(q, power, power - Vector512.Create(1f));
        return m / (m + Vector512.Create(2f));
    }

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x)
    {
        x = x < -10 ? -10 : x > 10 ? 10 : x;
        x += x;
        var shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundToInteger);
        var n = shifted - RoundToInteger;
        var r = MathF.FusedMultiplyAdd(n, -Ln2, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Rest, r);
        var q = MathF.FusedMultiplyAdd(0.001394645f, r, 0.008366584f);
        q = MathF.FusedMultiplyAdd(q, r, 0.041666282f);
        q = MathF.FusedMultiplyAdd(q, r, 0.16666543f);
        q = MathF.FusedMultiplyAdd(q, r, 0.5f);
        q = MathF.FusedMultiplyAdd(r * r, q, r);
        var power = PowerOfTwo(BitConverter.SingleToInt32Bits(shifted) - RoundToIntegerBits);
        var m = MathF.FusedMultiplyAdd(q, power, power - 1f);
        return m / (m + 2f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> exponent) => ((exponent + Vector512.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}

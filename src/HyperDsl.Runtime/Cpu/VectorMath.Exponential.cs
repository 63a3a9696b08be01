using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

public static unsafe partial class VectorMath
{
    /// <summary>Adding and subtracting it rounds to an integer, which then stands in the low bits.</summary>
    internal const float RoundToInteger = 12582912f;

    private const int RoundToIntegerBits = 0x4B400000;
    internal const float Log2E = 1.44269504f;
    internal const float Ln2 = 0.693147182f;
    internal const float Ln2Rest = -1.90465421e-9f;

    /// <summary>Above it e to the power x is infinite.</summary>
    internal const float HighestExp = 89;

    /// <summary>Below it e to the power x is zero.</summary>
    internal const float LowestExp = -104;

    /// <summary>Below it 1 + e to the power x is 1, and that power is still a normal number.</summary>
    internal const float LowestOfSigmoid = -87;

    /// <summary>Above it the hyperbolic tangent is 1.</summary>
    internal const float HighestOfTanh = 10;

    internal const float Exp6 = 0.00138146f;
    internal const float Exp5 = 0.008368717f;
    internal const float Exp4 = 0.041668388f;
    internal const float Exp3 = 0.166665206f;
    internal const float Exp2 = 0.49999993f;
    internal const float Tanh6 = 0.001394645f;
    internal const float Tanh5 = 0.008366584f;
    internal const float Tanh4 = 0.041666282f;
    internal const float Tanh3 = 0.16666543f;
    internal const float Tanh2 = 0.5f;

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
        x = Vector512.MinNative(Vector512.Create(HighestExp), Vector512.MaxNative(Vector512.Create(LowestExp), x));
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundToInteger));
        var mantissa = Mantissa(x, shifted);
        if (Avx512F.IsSupported)
        {
            return Avx512F.Scale(mantissa, shifted - Vector512.Create(RoundToInteger));
        }

        var exponent = shifted.AsInt32() - Vector512.Create(RoundToIntegerBits);
        var half = exponent >> 1;
        return mantissa * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>e to the power of what is left of x when its powers of two are taken off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mantissa(Vector512<float> x, Vector512<float> shifted)
    {
        var n = shifted - Vector512.Create(RoundToInteger);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), r);
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(Exp6), r, Vector512.Create(Exp5));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Exp4));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Exp3));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Exp2));
        return Vector512.FusedMultiplyAdd(r * r, q, r) + Vector512.Create(1f);
    }

    /// <inheritdoc cref="Exp(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        x = x < LowestExp ? LowestExp : x > HighestExp ? HighestExp : x;
        var shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundToInteger);
        var exponent = BitConverter.SingleToInt32Bits(shifted) - RoundToIntegerBits;
        var half = exponent >> 1;
        return Mantissa(x, shifted) * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mantissa(float x, float shifted)
    {
        var n = shifted - RoundToInteger;
        var r = MathF.FusedMultiplyAdd(n, -Ln2, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Rest, r);
        var q = MathF.FusedMultiplyAdd(Exp6, r, Exp5);
        q = MathF.FusedMultiplyAdd(q, r, Exp4);
        q = MathF.FusedMultiplyAdd(q, r, Exp3);
        q = MathF.FusedMultiplyAdd(q, r, Exp2);
        return MathF.FusedMultiplyAdd(r * r, q, r) + 1f;
    }

    /// <summary>
    /// 1 / (1 + e⁻ˣ). Error at most 3 ulp, also in the negative tail down to −86; below −88.4 it is 0. The power needs no subnormal numbers,
    /// so it is scaled once, as part of the sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated
        ? SigmoidHalves(x)
        : SigmoidWhole(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SigmoidWhole(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.Create(HighestExp), Vector512.MaxNative(Vector512.Create(LowestOfSigmoid), -x));
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundToInteger));
        var power = PowerOfTwo(shifted.AsInt32() - Vector512.Create(RoundToIntegerBits));
        return Vector512<float>.One / Vector512.FusedMultiplyAdd(Mantissa(x, shifted), power, Vector512<float>.One);
    }

    /// <inheritdoc cref="Sigmoid(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x)
    {
        x = -x;
        x = x < LowestOfSigmoid ? LowestOfSigmoid : x > HighestExp ? HighestExp : x;
        var shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundToInteger);
        var power = PowerOfTwo(BitConverter.SingleToInt32Bits(shifted) - RoundToIntegerBits);
        return 1 / MathF.FusedMultiplyAdd(Mantissa(x, shifted), power, 1f);
    }

    /// <summary>The hyperbolic tangent, as m / (m + 2) with m = e²ˣ − 1. Error at most 3 ulp; −0 becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x) => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated
        ? TanhHalves(x)
        : TanhWhole(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TanhWhole(Vector512<float> x)
    {
        x = Vector512.MinNative(Vector512.Create(HighestOfTanh), Vector512.MaxNative(Vector512.Create(-HighestOfTanh), x));
        x += x;
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(RoundToInteger));
        var n = shifted - Vector512.Create(RoundToInteger);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Rest), r);
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(Tanh6), r, Vector512.Create(Tanh5));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Tanh4));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Tanh3));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(Tanh2));
        q = Vector512.FusedMultiplyAdd(r * r, q, r);
        var power = PowerOfTwo(shifted.AsInt32() - Vector512.Create(RoundToIntegerBits));
        var m = Vector512.FusedMultiplyAdd(q, power, power - Vector512.Create(1f));
        return m / (m + Vector512.Create(2f));
    }

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x)
    {
        x = x < -HighestOfTanh ? -HighestOfTanh : x > HighestOfTanh ? HighestOfTanh : x;
        x += x;
        var shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundToInteger);
        var n = shifted - RoundToInteger;
        var r = MathF.FusedMultiplyAdd(n, -Ln2, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Rest, r);
        var q = MathF.FusedMultiplyAdd(Tanh6, r, Tanh5);
        q = MathF.FusedMultiplyAdd(q, r, Tanh4);
        q = MathF.FusedMultiplyAdd(q, r, Tanh3);
        q = MathF.FusedMultiplyAdd(q, r, Tanh2);
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

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class VectorMath
{
    /// <summary>The bits of √½, the smallest mantissa.</summary>
    private const int RootHalfBits = 0x3F3504F3;

    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>
    /// The natural logarithm. Error at most 1 ulp, also of subnormal numbers; −∞ at 0, NaN below. With x = 2ᵉ (1 + f),
    /// √½ ≤ 1 + f &lt; √2, it is e ln2 + f − f²/2 + f³ p(f), p the minimax polynomial.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        var small = Vector512.LessThan(x, Vector512.Create(SmallestNormal));
        var bits = Vector512.ConditionalSelect(small, x * Vector512.Create(8388608f), x).AsInt32();
        var exponent = (bits - Vector512.Create(RootHalfBits)) >> 23;
        var f = (bits - (exponent << 23)).AsSingle() - Vector512<float>.One;
        var e = Vector512.ConvertToSingle(exponent) - (small & Vector512.Create(23f));
        var square = f * f;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(-0.0763449398631f), f, Vector512.Create(0.127615745496f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.13160182163f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.142017583522f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.166233574103f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.20001226863f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.250008210321f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.333333317078f));
        p = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2Rest), p * f * square);
        p = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), p);
        var result = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2), f + p);

        var zero = Vector512<float>.Zero;
        var infinity = Vector512.Create(float.PositiveInfinity);
        var outside = Vector512.ConditionalSelect(Vector512.LessThan(x, zero), Vector512.Create(float.NaN), x);
        outside = Vector512.ConditionalSelect(Vector512.Equals(x, zero), -infinity, outside);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, zero) & Vector512.LessThan(x, infinity), result, outside);
    }

    /// <inheritdoc cref="Log(Vector512{float})"/>
    public static float Log(float x)
    {
        if (!(x > 0 && x < float.PositiveInfinity))
        {
            return x == 0 ? float.NegativeInfinity : x < 0 ? float.NaN : x;
        }

        var small = x < SmallestNormal;
        var bits = BitConverter.SingleToInt32Bits(small ? x * 8388608f : x);
        var exponent = (bits - RootHalfBits) >> 23;
        var f = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1;
        var e = exponent - (small ? 23f : 0f);
        var square = f * f;
        var p = MathF.FusedMultiplyAdd(-0.0763449398631f, f, 0.127615745496f);
        p = MathF.FusedMultiplyAdd(p, f, -0.13160182163f);
        p = MathF.FusedMultiplyAdd(p, f, 0.142017583522f);
        p = MathF.FusedMultiplyAdd(p, f, -0.166233574103f);
        p = MathF.FusedMultiplyAdd(p, f, 0.20001226863f);
        p = MathF.FusedMultiplyAdd(p, f, -0.250008210321f);
        p = MathF.FusedMultiplyAdd(p, f, 0.333333317078f);
        p = MathF.FusedMultiplyAdd(e, Ln2Rest, p * f * square);
        p = MathF.FusedMultiplyAdd(square, -0.5f, p);
        return MathF.FusedMultiplyAdd(e, Ln2, f + p);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). Error at most 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        var power = Exp(-Vector512.Abs(x));
        var sum = Vector512<float>.One + power;
        var lost = power - (sum - Vector512<float>.One);
        return Vector512.MaxNative(Vector512<float>.Zero, x) + (Log(sum) + (lost / sum));
    }

    /// <inheritdoc cref="Softplus(Vector512{float})"/>
    public static float Softplus(float x)
    {
        var power = Exp(-MathF.Abs(x));
        var sum = 1 + power;
        var lost = power - (sum - 1);
        return (x > 0 ? x : 0) + (Log(sum) + (lost / sum));
    }
}

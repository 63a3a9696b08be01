using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public static unsafe partial class VectorMath
{
    /// <summary>Up to here three parts of π/2 reduce an argument without loss.</summary>
    private const float LargestAngle = 65536f;

    private const float TwoOverPi = 0.636619772f;
    private const float HalfPi = 1.57079637f;
    private const float HalfPiRest = -4.37113883e-8f;
    private const float HalfPiRest2 = -1.71512451e-15f;

    /// <summary>The sine. Error at most 1.6 ulp; beyond ±65536 the sine of <see cref="Math"/>, rounded.</summary>
    public static Vector512<float> Sin(Vector512<float> x) => SinShifted(x, 0);

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    public static float Sin(float x) => SinShifted(x, 0);

    /// <summary>The cosine. Error at most 1.6 ulp; beyond ±65536 the cosine of <see cref="Math"/>, rounded.</summary>
    public static Vector512<float> Cos(Vector512<float> x) => SinShifted(x, 1);

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    public static float Cos(float x) => SinShifted(x, 1);

    /// <summary>The sine of x + quarters π/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SinShifted(Vector512<float> x, int quarters)
    {
        if (!Vector512.LessThanOrEqualAll(Vector512.Abs(x), Vector512.Create(LargestAngle)))
        {
            return SinOfLarge(x, quarters);
        }

        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(TwoOverPi), Vector512.Create(RoundToInteger));
        var n = shifted - Vector512.Create(RoundToInteger);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPiRest), r);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPiRest2), r);
        var square = r * r;
        var sine = Vector512.FusedMultiplyAdd(Vector512.Create(-0.000195152002976f), square, Vector512.Create(0.00833216016316f));
        sine = Vector512.FusedMultiplyAdd(sine, square, Vector512.Create(-0.166666546003f));
        sine = Vector512.FusedMultiplyAdd(sine * square, r, r);
        var cosine = Vector512.FusedMultiplyAdd(Vector512.Create(2.44330623628e-5f), square, Vector512.Create(-0.00138873154421f));
        cosine = Vector512.FusedMultiplyAdd(cosine, square, Vector512.Create(0.0416666456667f));
        cosine = Vector512.FusedMultiplyAdd(cosine * square, square, Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), Vector512.Create(1f)));
        var quadrant = shifted.AsInt32() + Vector512.Create(quarters);
        var even = Vector512.Equals(quadrant & Vector512<int>.One, Vector512<int>.Zero).AsSingle();
        var sign = ((quadrant & Vector512.Create(2)) << 30).AsSingle();
        return Vector512.ConditionalSelect(even, sine, cosine) ^ sign;
    }

    private static float SinShifted(float x, int quarters)
    {
        if (!(MathF.Abs(x) <= LargestAngle))
        {
            return (float)(quarters == 0 ? Math.Sin(x) : Math.Cos(x));
        }

        var shifted = MathF.FusedMultiplyAdd(x, TwoOverPi, RoundToInteger);
        var n = shifted - RoundToInteger;
        var r = MathF.FusedMultiplyAdd(n, -HalfPi, x);
        r = MathF.FusedMultiplyAdd(n, -HalfPiRest, r);
        r = MathF.FusedMultiplyAdd(n, -HalfPiRest2, r);
        var square = r * r;
        var sine = MathF.FusedMultiplyAdd(-0.000195152002976f, square, 0.00833216016316f);
        sine = MathF.FusedMultiplyAdd(sine, square, -0.166666546003f);
        sine = MathF.FusedMultiplyAdd(sine * square, r, r);
        var cosine = MathF.FusedMultiplyAdd(2.44330623628e-5f, square, -0.00138873154421f);
        cosine = MathF.FusedMultiplyAdd(cosine, square, 0.0416666456667f);
        cosine = MathF.FusedMultiplyAdd(cosine * square, square, MathF.FusedMultiplyAdd(square, -0.5f, 1f));
        var quadrant = BitConverter.SingleToInt32Bits(shifted) + quarters;
        var result = (quadrant & 1) == 0 ? sine : cosine;
        return (quadrant & 2) == 0 ? result : -result;
    }

    private static Vector512<float> SinOfLarge(Vector512<float> x, int quarters)
    {
        var result = x;
        for (var lane = 0; lane < Vector512<float>.Count; lane++)
        {
            result = result.WithElement(lane, SinShifted(x.GetElement(lane), quarters));
        }

        return result;
    }
}

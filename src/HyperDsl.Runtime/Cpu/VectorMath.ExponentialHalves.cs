using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// The exponential functions of half a vector, with the same bits, for processors whose vectors have 256 bits. Each operation on a
/// <see cref="Vector512{T}"/> is a few calls with a dozen locals there, and a method of some hundred locals gets nothing more inlined.
/// </summary>
public static unsafe partial class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpHalves(Vector512<float> x) => Vector512.Create(Exp(x.GetLower()), Exp(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SigmoidHalves(Vector512<float> x) => Vector512.Create(Sigmoid(x.GetLower()), Sigmoid(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TanhHalves(Vector512<float> x) => Vector512.Create(Tanh(x.GetLower()), Tanh(x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.MinNative(Vector256.Create(89f), Vector256.MaxNative(Vector256.Create(-104f), x));
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), Vector256.Create(RoundToInteger));
        var n = shifted - Vector256.Create(RoundToInteger);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Rest), r);
        var q = Vector256.FusedMultiplyAdd(Vector256.Create(0.00138146f), r, Vector256.Create(0.008368717f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.041668388f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.166665206f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.49999993f));
        var mantissa = Vector256.FusedMultiplyAdd(r * r, q, r) + Vector256.Create(1f);
        var exponent = shifted.AsInt32() - Vector256.Create(RoundToIntegerBits);
        var half = exponent >> 1;
        return mantissa * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Tanh(Vector256<float> x)
    {
        x = Vector256.MinNative(Vector256.Create(10f), Vector256.MaxNative(Vector256.Create(-10f), x));
        x += x;
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), Vector256.Create(RoundToInteger));
        var n = shifted - Vector256.Create(RoundToInteger);
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Rest), r);
        var q = Vector256.FusedMultiplyAdd(Vector256.Create(0.001394645f), r, Vector256.Create(0.008366584f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.041666282f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.16666543f));
        q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(0.5f));
        q = Vector256.FusedMultiplyAdd(r * r, q, r);
        var power = PowerOfTwo(shifted.AsInt32() - Vector256.Create(RoundToIntegerBits));
        var m = Vector256.FusedMultiplyAdd(q, power, power - Vector256.Create(1f));
        return m / (m + Vector256.Create(2f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> exponent) => ((exponent + Vector256.Create(127)) << 23).AsSingle();
}

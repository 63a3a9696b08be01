using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static HyperDsl.Cpu.ExponentialConstants;
using Number = HyperDsl.Cpu.ExponentialNumber;

namespace HyperDsl.Cpu;

/// <summary>
/// The exponential functions for processors whose vectors have 256 bits, with the same bits: both halves of a vector step by step, side by
/// side, so that one computes while the other waits for its result; a function is one long chain, and the processor does not look far
/// enough ahead to find the next one. On <see cref="Vector512{T}"/> each operation would be a few calls with a dozen locals here, and a
/// method of some hundred locals gets nothing more inlined.
/// </summary>
public static unsafe partial class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpHalves(Vector512<float> value)
    {
        var x = Vector256.MinNative(Constant(Number.HighestExp), Vector256.MaxNative(Constant(Number.LowestExp), value.GetLower()));
        var y = Vector256.MinNative(Constant(Number.HighestExp), Vector256.MaxNative(Constant(Number.LowestExp), value.GetUpper()));
        var (xShifted, yShifted) = (Shifted(x), Shifted(y));
        MantissaHalves(ref x, ref y, xShifted, yShifted);
        var xExponent = xShifted.AsInt32() - Constant(Number.RoundToInteger).AsInt32();
        var yExponent = yShifted.AsInt32() - Constant(Number.RoundToInteger).AsInt32();
        var (xHalf, yHalf) = (xExponent >> 1, yExponent >> 1);
        x *= PowerOfTwo(xHalf);
        y *= PowerOfTwo(yHalf);
        x *= PowerOfTwo(xExponent - xHalf);
        y *= PowerOfTwo(yExponent - yHalf);
        return Vector512.Create(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SigmoidHalves(Vector512<float> value)
    {
        var x = Vector256.MinNative(Constant(Number.HighestExp), Vector256.MaxNative(Constant(Number.LowestOfSigmoid), value.GetLower() ^ Constant(Number.Sign)));
        var y = Vector256.MinNative(Constant(Number.HighestExp), Vector256.MaxNative(Constant(Number.LowestOfSigmoid), value.GetUpper() ^ Constant(Number.Sign)));
        var (xShifted, yShifted) = (Shifted(x), Shifted(y));
        MantissaHalves(ref x, ref y, xShifted, yShifted);
        x = Vector256.FusedMultiplyAdd(x, PowerOfTwo(xShifted), Constant(Number.One));
        y = Vector256.FusedMultiplyAdd(y, PowerOfTwo(yShifted), Constant(Number.One));
        return Vector512.Create(Constant(Number.One) / x, Constant(Number.One) / y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TanhHalves(Vector512<float> value)
    {
        var x = Vector256.MinNative(Constant(Number.HighestOfTanh), Vector256.MaxNative(Constant(Number.LowestOfTanh), value.GetLower()));
        var y = Vector256.MinNative(Constant(Number.HighestOfTanh), Vector256.MaxNative(Constant(Number.LowestOfTanh), value.GetUpper()));
        x += x;
        y += y;
        var (xShifted, yShifted) = (Shifted(x), Shifted(y));
        RestHalves(ref x, ref y, xShifted, yShifted);
        var xPolynomial = Vector256.FusedMultiplyAdd(Constant(Number.Tanh6), x, Constant(Number.Tanh5));
        var yPolynomial = Vector256.FusedMultiplyAdd(Constant(Number.Tanh6), y, Constant(Number.Tanh5));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Tanh4));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Tanh4));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Tanh3));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Tanh3));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Tanh2));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Tanh2));
        x = Vector256.FusedMultiplyAdd(x * x, xPolynomial, x);
        y = Vector256.FusedMultiplyAdd(y * y, yPolynomial, y);
        var (xPower, yPower) = (PowerOfTwo(xShifted), PowerOfTwo(yShifted));
        x = Vector256.FusedMultiplyAdd(x, xPower, xPower - Constant(Number.One));
        y = Vector256.FusedMultiplyAdd(y, yPower, yPower - Constant(Number.One));
        return Vector512.Create(x / (x + Constant(Number.Two)), y / (y + Constant(Number.Two)));
    }

    /// <summary>x log₂e rounded to an integer, in the low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Shifted(Vector256<float> x) =>
        Vector256.FusedMultiplyAdd(x, Constant(Number.Log2E), Constant(Number.RoundToInteger));

    /// <summary>What is left of an exponent when its powers of two are taken off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RestHalves(ref Vector256<float> x, ref Vector256<float> y, Vector256<float> xShifted, Vector256<float> yShifted)
    {
        var (xWhole, yWhole) = (xShifted - Constant(Number.RoundToInteger), yShifted - Constant(Number.RoundToInteger));
        x = Vector256.FusedMultiplyAdd(xWhole, Constant(Number.MinusLn2), x);
        y = Vector256.FusedMultiplyAdd(yWhole, Constant(Number.MinusLn2), y);
        x = Vector256.FusedMultiplyAdd(xWhole, Constant(Number.MinusLn2Rest), x);
        y = Vector256.FusedMultiplyAdd(yWhole, Constant(Number.MinusLn2Rest), y);
    }

    /// <summary>e to the power of what <see cref="RestHalves"/> leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MantissaHalves(ref Vector256<float> x, ref Vector256<float> y, Vector256<float> xShifted, Vector256<float> yShifted)
    {
        RestHalves(ref x, ref y, xShifted, yShifted);
        var xPolynomial = Vector256.FusedMultiplyAdd(Constant(Number.Exp6), x, Constant(Number.Exp5));
        var yPolynomial = Vector256.FusedMultiplyAdd(Constant(Number.Exp6), y, Constant(Number.Exp5));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Exp4));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Exp4));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Exp3));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Exp3));
        xPolynomial = Vector256.FusedMultiplyAdd(xPolynomial, x, Constant(Number.Exp2));
        yPolynomial = Vector256.FusedMultiplyAdd(yPolynomial, y, Constant(Number.Exp2));
        x = Vector256.FusedMultiplyAdd(x * x, xPolynomial, x) + Constant(Number.One);
        y = Vector256.FusedMultiplyAdd(y * y, yPolynomial, y) + Constant(Number.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> exponent) => ((exponent << 23) + Constant(Number.One).AsInt32()).AsSingle();

    /// <summary>Two to the power of the integer in the low bits: what stands above it is shifted out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> shifted) => PowerOfTwo(shifted.AsInt32());
}

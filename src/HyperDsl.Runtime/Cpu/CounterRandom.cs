using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

/// <summary>
/// Random numbers without a state: each is a function of a key, a site (which operation), an example and an element (Salmon et al.
/// 2011, "Parallel random numbers: as easy as 1, 2, 3"), so a mask can be computed again instead of stored, in any order.
/// </summary>
public static class CounterRandom
{
    private const int MaskBits = 24;

    /// <summary>The key of a step: a function of seed and step.</summary>
    public static ulong Key(ulong seed, long step) => Mix(Mix(seed) + Mix(~(ulong)step));

    /// <summary>
    /// 0 or 1 for consecutive elements beginning at <paramref name="element"/>: 1 with probability <paramref name="keep"/>, rounded to
    /// a multiple of 2⁻²⁴. 16 elements for <c>float</c>, 8 for <c>double</c>; both agree with the scalar form.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> KeepMask<T>(ulong key, uint site, uint example, uint element, double keep)
        where T : unmanaged
    {
        var row = Row(key, site, example);
        var threshold = Threshold(keep);
        if (typeof(T) == typeof(float))
        {
            var bits = Bits(row, Vector512.Create(element) + Vector512<uint>.Indices) >>> (32 - MaskBits);
            var kept = Vector512.LessThan(bits.AsInt32(), Vector512.Create(threshold));
            return (kept.AsSingle() & Vector512.Create(1f)).As<float, T>();
        }

        var lanes = Bits(row, Vector512.Create(element) + Vector512<uint>.Indices).GetLower() >>> (32 - MaskBits);
        var keptLanes = Vector256.LessThan(lanes.AsInt32(), Vector256.Create(threshold));
        var (low, high) = Vector256.Widen(keptLanes);
        return (Vector512.Create(low, high).AsDouble() & Vector512.Create(1d)).As<double, T>();
    }

    /// <summary>0 or 1 for one element: 1 with probability <paramref name="keep"/>, rounded to a multiple of 2⁻²⁴.</summary>
    public static double KeepMask(ulong key, uint site, uint example, uint element, double keep)
        => (int)(Bits(Row(key, site, example), element) >> (32 - MaskBits)) < Threshold(keep) ? 1 : 0;

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public static double Uniform(ulong key, uint site, uint example, uint element)
        => (Mix(Row(key, site, example) + (element * 0x9E3779B97F4A7C15)) >> 11) * (1.0 / (1L << 53));

    /// <summary>A number from the standard normal distribution (Box and Muller 1958).</summary>
    public static double Normal(ulong key, uint site, uint example, uint element)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(key, site, example, element)));
        return radius * Math.Cos(2 * Math.PI * Uniform(~key, site, example, element));
    }

    /// <summary>The 64-bit finaliser of SplitMix (Steele, Lea and Flood 2014): a bijection in which every bit depends on every bit.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong Row(ulong key, uint site, uint example) => Mix(key ^ Mix(((ulong)site << 32) | example));

    private static int Threshold(double keep) => (int)Math.Round(Math.Clamp(keep, 0, 1) * (1 << MaskBits));

    /// <summary>
    /// 32 random bits of an element: multiplications and shifts that a vector unit has, keyed at the start and in the middle by the two
    /// halves of the row, so that different rows are not shifted copies of one sequence.
    /// </summary>
    private static uint Bits(ulong row, uint element)
    {
        var x = (element * 0x9E3779B9u) + (uint)row;
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15) ^ (uint)(row >> 32)) * 0x846CA68Bu;
        x = (x ^ (x >> 13)) * 0xC2B2AE35u;
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Bits(ulong row, Vector512<uint> element)
    {
        var x = (element * 0x9E3779B9u) + Vector512.Create((uint)row);
        x = (x ^ (x >>> 16)) * 0x7FEB352Du;
        x = (x ^ (x >>> 15) ^ Vector512.Create((uint)(row >> 32))) * 0x846CA68Bu;
        x = (x ^ (x >>> 13)) * 0xC2B2AE35u;
        return x ^ (x >>> 16);
    }
}

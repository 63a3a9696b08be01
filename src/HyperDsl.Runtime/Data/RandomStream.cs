namespace HyperDsl.Data;

/// <summary>
/// A short sequence of random numbers that is a function of its key, so that an example's augmentation depends on seed, epoch
/// and example only: not on threads, batches, or what was drawn before. Numbers are SplitMix64's (Steele, Lea, Flood:
/// Fast Splittable Pseudorandom Number Generators, OOPSLA 2014), started from a mixture of the key's parts.
/// </summary>
public struct RandomStream
{
    private const ulong GoldenGamma = 0x9e3779b97f4a7c15;
    private ulong state;

    /// <summary>Begins the sequence of a key.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="item">The example or whatever else draws.</param>
    public RandomStream(ulong seed, long epoch, long item)
    {
        state = Mix(seed + GoldenGamma);
        state = Mix(state ^ ((ulong)epoch * 0xd1342543de82ef95));
        state = Mix(state + GoldenGamma ^ ((ulong)item * 0xaf251af3b0f025b5));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        state += GoldenGamma;
        return Mix(state);
    }

    /// <summary>An integer from 0 up to, not including, <paramref name="bound"/>; the bias is below bound / 2^64.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}

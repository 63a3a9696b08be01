using HyperDsl.Cpu;

namespace HyperDsl.Data;

/// <summary>
/// A short sequence of random numbers (<see cref="CounterRandom"/>) that is a function of its key, so that an example's
/// augmentation depends on seed, epoch and example only: not on threads, batches, or what was drawn before.
/// </summary>
public struct RandomStream
{
    // Masks of a model's operations are numbered from 0; these sites are out of their reach.
    private const uint ExampleSite = uint.MaxValue;
    private const uint OrderSite = uint.MaxValue - 1;
    private readonly ulong key;
    private readonly uint site;
    private readonly uint item;
    private uint drawn;

    /// <summary>Begins the sequence of an example.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="example">The example's place in the data set.</param>
    public RandomStream(ulong seed, long epoch, int example)
        : this(seed, epoch, ExampleSite, (uint)example)
    {
    }

    private RandomStream(ulong seed, long epoch, uint site, uint item)
    {
        key = CounterRandom.Key(seed, epoch);
        this.site = site;
        this.item = item;
    }

    /// <summary>The sequence that orders an epoch's examples.</summary>
    internal static RandomStream ForOrder(ulong seed, long epoch) => new(seed, epoch, OrderSite, 0);

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => CounterRandom.Uniform(key, site, item, drawn++);

    /// <summary>An integer from 0 up to, not including, <paramref name="bound"/>; the bias is below bound / 2⁵³.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(NextDouble() * bound);
    }
}

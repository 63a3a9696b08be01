using HyperDsl.Cpu;

namespace HyperDsl;

/// <summary>Random numbers for initial values: each a function of seed, name of the weight, element and draw.</summary>
internal readonly struct InitialRandom
{
    private readonly ulong key;

    public InitialRandom(int seed, string name)
    {
        // FNV-1a over the name's UTF-16 units.
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }
        key = CounterRandom.Key(hash, seed);
    }

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double Uniform(int element) => CounterRandom.Uniform(key, 0, 0, (uint)element);

    /// <summary>Standard normal.</summary>
    /// <param name="element">The element.</param>
    /// <param name="draw">Counts further numbers for the same element.</param>
    public double Normal(int element, uint draw = 0) => CounterRandom.Normal(key, 0, draw, (uint)element);
}

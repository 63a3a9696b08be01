namespace HyperDsl;

/// <summary>
/// Random numbers for initial values: each a function of (seed, name, element, draw). SplitMix64's finaliser (Steele, Lea and
/// Flood 2014) over a counter; quality matters here, speed does not.
/// </summary>
internal readonly struct InitialRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong key;

    public InitialRandom(int seed, string name)
    {
        // FNV-1a over the name's UTF-16 units.
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }
        key = Mix(hash ^ Mix((ulong)(uint)seed + Golden));
    }

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double Uniform(long element, int draw = 0) => (Bits(element, draw) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double Normal(long element, int draw = 0)
    {
        double positive = 1 - Uniform(element, 2 * draw);
        return Math.Sqrt(-2 * Math.Log(positive)) * Math.Cos(2 * Math.PI * Uniform(element, (2 * draw) + 1));
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    private ulong Bits(long element, int draw) => Mix(Mix(key + ((ulong)element * Golden)) + ((ulong)draw * Golden));
}

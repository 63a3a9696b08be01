namespace HyperDsl.Gpu;

/// <summary>The random numbers of <see cref="Cpu.CounterRandom"/>, bit for bit, for kernels.</summary>
public static class DeviceRandom
{
    /// <summary>2⁻²⁴.</summary>
    private const float Unit = 1f / (1 << 24);

    /// <summary>0 or 1 for one element.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="site">Which mask.</param>
    /// <param name="example">The example, counted over all steps of time.</param>
    /// <param name="element">The element of the example's mask.</param>
    /// <param name="threshold">The probability of a 1, in units of 2⁻²⁴.</param>
    public static float KeepMask(ulong key, int site, int example, int element, int threshold)
    {
        ulong row = Mix(key ^ Mix(((ulong)(uint)site << 32) + (uint)example));

        // Exact in float. Compared as whole numbers with 2²³ it becomes a test of a sign bit, which LLVM 15 (pocl 3.1) compiles wrongly.
        float uniform = (int)(Bits(row, (uint)element) >> 8) * Unit;
        return uniform < threshold * Unit ? 1f : 0f;
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static uint Bits(ulong row, uint element)
    {
        uint x = (element * 0x9E3779B9u) + (uint)row;
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15) ^ (uint)(row >> 32)) * 0x846CA68Bu;
        x = (x ^ (x >> 13)) * 0xC2B2AE35u;
        return x ^ (x >> 16);
    }
}

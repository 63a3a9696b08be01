using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HyperDsl.Benchmarks;

/// <summary>What it costs to do nothing but read: the sum of an array, with enough chains that memory alone sets the pace.</summary>
public sealed unsafe class MemoryRead : IDisposable
{
    private const int Chains = 8;
    private readonly AlignedArray values;

    /// <summary>Allocates the array.</summary>
    /// <param name="length">Numbers of four bytes; rounded up to whole rounds of the loop.</param>
    public MemoryRead(long length)
    {
        int round = Chains * Vector512<float>.Count;
        values = AlignedArray.Random(1, (length + round - 1) / round * round);
    }

    /// <summary>The sum of the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Sum()
    {
        int width = Vector512<float>.Count;
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        float* end = values.Pointer + values.Length;
        for (float* at = values.Pointer; at < end; at += Chains * width)
        {
            s0 += Vector512.Load(at);
            s1 += Vector512.Load(at + width);
            s2 += Vector512.Load(at + (2 * width));
            s3 += Vector512.Load(at + (3 * width));
            s4 += Vector512.Load(at + (4 * width));
            s5 += Vector512.Load(at + (5 * width));
            s6 += Vector512.Load(at + (6 * width));
            s7 += Vector512.Load(at + (7 * width));
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}

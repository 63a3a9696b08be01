using System.Runtime.InteropServices;

namespace HyperDsl.Benchmarks;

/// <summary>Memory outside the managed heap, aligned to 64 bytes as the kernels like it.</summary>
public sealed unsafe class AlignedArray : IDisposable
{
    /// <summary>Allocates zeros.</summary>
    /// <param name="length">Elements.</param>
    public AlignedArray(long length)
    {
        Length = checked((int)length);
        Pointer = (float*)NativeMemory.AlignedAlloc((nuint)Length * sizeof(float), 64);
        Span.Clear();
    }

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>The first element.</summary>
    public float* Pointer { get; private set; }

    /// <summary>All elements.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>Numbers from −1 to 1 that depend on the seed only.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="length">Elements.</param>
    public static AlignedArray Random(int seed, long length)
    {
        var result = new AlignedArray(length);
        var random = new Random(seed);
        foreach (ref float value in result.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return result;
    }

    /// <summary>The largest difference to another array over its largest magnitude.</summary>
    public double RelativeDifference(ReadOnlySpan<float> other)
    {
        double difference = 0, largest = 0;
        for (int i = 0; i < other.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)Span[i] - other[i]));
            largest = Math.Max(largest, Math.Abs(other[i]));
        }

        return difference / largest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}

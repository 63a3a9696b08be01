using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HyperDsl.Cpu;

/// <summary>Vectors of elements that are not neighbours in memory, and vectors of which only the first elements count.</summary>
public static unsafe class Lanes
{
    /// <summary>The first place at or behind <paramref name="memory"/> where a vector is aligned, less than one vector away.</summary>
    public static T* Align<T>(T* memory)
        where T : unmanaged => (T*)(((nint)memory + 63) & ~63);

    /// <summary>Asks for the cache line at <paramref name="memory"/>, which need not be anybody's: a hint, which nothing waits for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* memory)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(memory);
        }
    }

    /// <summary>The first <paramref name="count"/> elements of a vector, and another number in the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepFirst(Vector512<float> value, int count, float otherwise) =>
        Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), value, Vector512.Create(otherwise));

    /// <inheritdoc cref="KeepFirst(Vector512{float}, int, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> KeepFirst(Vector512<double> value, int count, double otherwise) =>
        Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsDouble(),
            value, Vector512.Create(otherwise));

    /// <summary>A vector of elements that lie <paramref name="stride"/> apart.</summary>
    public static Vector512<T> LoadStrided<T>(T* source, nint stride)
        where T : unmanaged => LoadStrided(source, stride, Vector512<T>.Count);

    /// <summary>As above for the first <paramref name="count"/> elements; the rest is zero.</summary>
    public static Vector512<T> LoadStrided<T>(T* source, nint stride, int count)
        where T : unmanaged
    {
        Vector512<T> value = Vector512<T>.Zero;
        T* elements = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            elements[i] = source[i * stride];
        }
        return value;
    }

    /// <summary>Stores a vector to elements that lie <paramref name="stride"/> apart.</summary>
    public static void StoreStrided<T>(Vector512<T> value, T* target, nint stride)
        where T : unmanaged => StoreStrided(value, target, stride, Vector512<T>.Count);

    /// <summary>As above for the first <paramref name="count"/> elements.</summary>
    public static void StoreStrided<T>(Vector512<T> value, T* target, nint stride, int count)
        where T : unmanaged
    {
        T* elements = (T*)&value;
        for (int i = 0; i < count; i++)
        {
            target[i * stride] = elements[i];
        }
    }
}

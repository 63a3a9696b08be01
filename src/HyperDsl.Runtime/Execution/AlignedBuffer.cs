using System.Runtime.InteropServices;

namespace HyperDsl.Execution;

/// <summary>Memory outside the managed heap, aligned to 64 bytes and zero at first.</summary>
/// <typeparam name="T"><c>float</c>, <c>double</c> or <c>int</c>.</typeparam>
public sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* pointer;

    /// <summary>Allocates <paramref name="length"/> elements; there is memory even if it is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var bytes = checked((nuint)Math.Max(length, 1) * (nuint)sizeof(T));
        var largePage = LargePages.AlignmentOf(bytes);
        if (largePage > 0)
        {
            // The system gives whole large pages only: the last one too.
            bytes = checked(bytes + largePage - 1) / largePage * largePage;
        }

        pointer = (T*)NativeMemory.AlignedAlloc(bytes, Math.Max(Alignment, largePage));
        if (largePage > 0)
        {
            LargePages.Ask(pointer, bytes);
        }

        NativeMemory.Clear(pointer, bytes);
        Length = length;
    }

    /// <summary>Frees the memory of a buffer that nobody disposed of.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>The first element.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointer == null, this);
            return pointer;
        }
    }

    /// <summary>All elements, of which there must be fewer than 2³¹.</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HyperDsl;

/// <summary>Memory that never moves and begins at a multiple of 64 bytes, zero at first.</summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Boundary = 64;

    private readonly T[] array;
    private readonly int skipped;

    public AlignedBuffer(int length)
    {
        Length = length;
        array = GC.AllocateArray<T>(checked(length + (Boundary / sizeof(T))), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        skipped = (int)((Boundary - (address % Boundary)) % Boundary) / sizeof(T);
    }

    public int Length { get; }

    /// <summary>The first element; valid as long as this object lives.</summary>
    public T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)) + skipped;

    public Span<T> Span => array.AsSpan(skipped, Length);
}

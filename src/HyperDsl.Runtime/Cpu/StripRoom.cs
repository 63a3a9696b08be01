using System.Runtime.InteropServices;

namespace HyperDsl.Cpu;

/// <summary>Room for packed strips of A, one for each thread that multiplies; it is kept for the next product and freed with its thread.</summary>
internal sealed unsafe class StripRoom
{
    [ThreadStatic]
    private static StripRoom? ofThisThread;

    private void* memory;
    private nuint size;

    private StripRoom()
    {
    }

    ~StripRoom() => NativeMemory.AlignedFree(memory);

    /// <summary>At least so many bytes, aligned to a line; what they held is lost.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static void* Take(nuint bytes)
    {
        var room = ofThisThread ??= new StripRoom();
        if (bytes > room.size)
        {
            NativeMemory.AlignedFree(room.memory);
            room.memory = null;
            room.size = 0;
            room.memory = NativeMemory.AlignedAlloc(bytes, 64);
            room.size = bytes;
        }

        return room.memory;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace HyperDsl.Cpu;

/// <summary>
/// An array whose surroundings are watched: elements before it hold a known pattern, and on Linux the page behind it can be neither
/// read nor written, so that a single element too many ends the process.
/// </summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    private const int Page = 4096;
    private const int Guard = 64;
    private static readonly T Pattern = T.CreateChecked(-12345);

    private readonly byte* region;
    private readonly nuint bytes;
    private readonly bool mapped = OperatingSystem.IsLinux();

    public GuardedMemory(long length)
    {
        Length = length;
        var needed = (nuint)((length + Guard) * sizeof(T));
        bytes = (needed + Page - 1) / Page * Page;
        if (mapped)
        {
            region = (byte*)Pages.Map(0, bytes + Page, 3, 0x22, -1, 0);
            Assert.Equal(0, Pages.Protect(region + bytes, Page, 0));
        }
        else
        {
            region = (byte*)NativeMemory.AllocZeroed(bytes + Page);
        }

        Pointer = (T*)(region + bytes) - length;
        for (var index = 1; index <= Guard; index++)
        {
            Pointer[-index] = Pattern;
        }
    }

    public T* Pointer { get; }

    public long Length { get; }

    public double this[long index]
    {
        get => double.CreateChecked(Pointer[index]);
        set => Pointer[index] = T.CreateChecked(value);
    }

    /// <summary>Numbers of about one, the same for the same seed.</summary>
    public static GuardedMemory<T> Random(long length, int seed)
    {
        var memory = new GuardedMemory<T>(length);
        var random = new Random(seed);
        for (long index = 0; index < length; index++)
        {
            memory[index] = (random.NextDouble() * 2) - 1;
        }

        return memory;
    }

    public double[] ToArray()
    {
        var values = new double[Length];
        for (long index = 0; index < Length; index++)
        {
            values[index] = this[index];
        }

        return values;
    }

    public void AssertGuardsIntact()
    {
        for (var index = 1; index <= Guard; index++)
        {
            Assert.Equal(Pattern, Pointer[-index]);
        }
    }

    public void Dispose()
    {
        AssertGuardsIntact();
        if (mapped)
        {
            _ = Pages.Unmap(region, bytes + Page);
        }
        else
        {
            NativeMemory.Free(region);
        }
    }
}

/// <summary>Pages of the operating system.</summary>
internal static unsafe partial class Pages
{
    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial void* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(void* address, nuint length);
}

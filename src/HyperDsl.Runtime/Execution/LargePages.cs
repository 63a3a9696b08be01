using System.Runtime.InteropServices;

namespace HyperDsl.Execution;

/// <summary>
/// Asks the operating system to back large buffers with large pages. The values of all steps of a sequence are hundreds of megabytes that
/// every pass walks in steps of kilobytes: with pages of 4 KiB each line is one more page to look up.
/// </summary>
internal static unsafe partial class LargePages
{
    /// <summary>What a large page of the x64 and most Arm systems holds.</summary>
    public const nuint Size = 2 << 20;

    /// <summary>Smaller buffers would waste as much as they gain.</summary>
    private const nuint LeastBytes = 2 * Size;

    // MADV_HUGEPAGE of Linux.
    private const int HugePage = 14;

    /// <summary>The alignment that a buffer needs for <see cref="Ask"/> to be of use; 0 where there is nothing to ask for.</summary>
    public static nuint AlignmentOf(nuint bytes) => OperatingSystem.IsLinux() && bytes >= LeastBytes ? Size : 0;

    /// <summary>Asks for large pages. It is a wish: a system that grants none, or has no such call, runs as before.</summary>
    public static void Ask(void* memory, nuint bytes)
    {
        try
        {
            _ = Advise(memory, bytes / Size * Size, HugePage);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}

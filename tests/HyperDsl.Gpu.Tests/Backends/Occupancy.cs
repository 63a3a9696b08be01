namespace HyperDsl.Gpu.Tests;

/// <summary>
/// What a multiprocessor has room for at a time; "Compute Capabilities" in NVIDIA's CUDA C++ Programming Guide, table of technical
/// specifications. Registers are given to warps in units of 256, a group needs 1 KB of shared memory besides its own.
/// </summary>
/// <param name="SharedBytes">Shared memory of all groups together.</param>
internal sealed record Multiprocessor(int SharedBytes)
{
    private const int Registers = 65_536;
    private const int Warps = 64;
    private const int Groups = 32;
    private const int WarpSize = 32;
    private const int RegisterUnit = 8;
    private const int ReservedBytes = 1_024;

    public static Multiprocessor Of(string architecture) => architecture switch
    {
        "sm_80" => new Multiprocessor(164 * 1024),
        "sm_90" => new Multiprocessor(228 * 1024),
        _ => throw new ArgumentException($"Nothing is known of {architecture}.", nameof(architecture)),
    };

    /// <summary>Groups of a kernel that run on it at a time.</summary>
    public int GroupsOf(AssembledKernel kernel, int threads)
    {
        int registers = (kernel.Registers + RegisterUnit - 1) / RegisterUnit * RegisterUnit * threads;
        return new[]
        {
            Registers / registers, Warps / WarpsOf(threads), SharedBytes / (kernel.SharedBytes + ReservedBytes), Groups,
        }.Min();
    }

    public static int WarpsOf(int threads) => (threads + WarpSize - 1) / WarpSize;
}

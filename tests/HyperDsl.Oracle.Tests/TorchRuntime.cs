using System.Runtime.InteropServices;
using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>Loads libtorch once for the process, or says why it cannot be loaded.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<string?> Problem = new(Load);

    /// <summary>Why libtorch cannot be used here; null when it is loaded.</summary>
    public static string? WhyUnavailable => Problem.Value;

    /// <summary>TorchSharp's native library in the output folder, where the platform has one.</summary>
    public static string NativeLibraryFile =>
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    private static string? Load()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return $"no libtorch is referenced for {RuntimeInformation.RuntimeIdentifier}";
        }

        if (!File.Exists(NativeLibraryFile))
        {
            return $"{NativeLibraryFile} is missing";
        }

        // TorchSharp 0.107.0 was linked against a newer C++ runtime than Debian 12 and Ubuntu 22.04 have.
        ElfVersionPatch.MakeWeak(NativeLibraryFile, "GLIBCXX_3.4.32");
        try
        {
            torch.set_num_threads(1);
            return null;
        }
        catch (Exception error) when (error is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            return $"libtorch does not load: {(error.InnerException ?? error).Message}";
        }
    }
}

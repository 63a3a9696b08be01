using HyperDsl.Execution;
#if GPU
using HyperDsl.Gpu;
#endif

namespace StaticHyperNet;

/// <summary>Where the networks run.</summary>
public static class Backend
{
    /// <summary>The names on the command line.</summary>
    public static readonly string[] Names = ["cpu", "cuda", "opencl"];

    /// <summary>Opens a device; null for this processor.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="IOException">There is no such device; the message says what to do.</exception>
    public static Device? Open(string name)
    {
        if (name == "cpu")
        {
            return null;
        }

#if GPU
        try
        {
            return name == "cuda" ? GpuDevice.Cuda() : GpuDevice.OpenCL();
        }
        catch (GpuNotFoundException missing)
        {
            throw new IOException($"--backend {name}: {missing.Message}", missing);
        }
#else
        throw new IOException($"--backend {name}: a program published as native code runs on the processor only. Use 'dotnet run' for a GPU.");
#endif
    }
}

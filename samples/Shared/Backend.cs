using HyperDsl.Execution;
#if GPU
using HyperDsl.Gpu;
#endif

namespace HyperDsl.Samples;

/// <summary>Where a sample's networks run: what <c>--backend</c> names.</summary>
public static class Backend
{
    /// <summary>This processor.</summary>
    public const string Processor = "cpu";

    private const string Cuda = "cuda";
    private const string OpenCL = "opencl";
    private static readonly string[] Names = [Processor, Cuda, OpenCL];

    /// <summary>Checks a name of the command line.</summary>
    /// <exception cref="FormatException">There is no such backend.</exception>
    public static string Parse(string name) => Names.Contains(name)
        ? name
        : throw new FormatException($"--backend is {string.Join(", ", Names)}, not '{name}'.");

    /// <summary>Opens a device; null for this processor.</summary>
    /// <param name="name">A name that <see cref="Parse"/> let pass.</param>
    /// <exception cref="IOException">There is no such device; the message says what to do.</exception>
    public static Device? Open(string name)
    {
        if (name == Processor)
        {
            return null;
        }

#if GPU
        try
        {
            return name == Cuda ? GpuDevice.Cuda() : GpuDevice.OpenCL();
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

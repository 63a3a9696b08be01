using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace HyperDsl.Gpu;

/// <summary>A device that was found.</summary>
/// <param name="Kind"><c>cuda</c> or <c>opencl</c>.</param>
/// <param name="Index">Its number among those of its kind, for <see cref="GpuDevice.Cuda"/> and <see cref="GpuDevice.OpenCL"/>.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="MemorySize">Bytes of its memory.</param>
public sealed record GpuDescription(string Kind, int Index, string Name, long MemorySize);

/// <content>Finding devices.</content>
public sealed partial class GpuDevice
{
    private static readonly string[] CudaLibraries = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];

    // ILGPU asks for the library without a number.
    private static readonly string[] OpenCLLibraries = OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"] : ["libOpenCL.so"];

    /// <summary>
    /// All devices that models can run on; none if there are no drivers. A driver that does not work shows none: what is wrong with it is said
    /// where a device of its kind is opened.
    /// </summary>
    public static IReadOnlyList<GpuDescription> List() =>
    [
        .. Descriptions<CudaDevice>(CudaLibraries, "cuda", builder => builder.Cuda(), context => [.. context.GetCudaDevices()]),
        .. Descriptions<CLDevice>(OpenCLLibraries, "opencl", builder => builder.OpenCL(device => IsUsable(device, [])), context => [.. context.GetCLDevices()]),
    ];

    /// <summary>Devices of one kind, numbered from 0.</summary>
    internal static IEnumerable<GpuDescription> Descriptions<T>(
        string[] libraries, string kind, Func<Context.Builder, Context.Builder> build, Func<Context, IReadOnlyList<T>> devices)
        where T : ILGPU.Runtime.Device
    {
        if (!Loads(libraries))
        {
            return [];
        }

        try
        {
            using Context context = Make(build, kind);
            return [.. devices(context).Select((device, index) => new GpuDescription(kind, index, device.Name, device.MemorySize))];
        }
        catch (GpuNotFoundException)
        {
            return [];
        }
    }

    /// <summary>An NVIDIA GPU.</summary>
    /// <param name="index">Which, if there are several.</param>
    /// <exception cref="GpuNotFoundException">There is no such device, or no driver.</exception>
    public static GpuDevice Cuda(int index = 0)
    {
        RequireLibrary(CudaLibraries, "NVIDIA's driver", "Install the driver of the graphics card (the CUDA toolkit is not needed).");
        Context context = Make(builder => builder.Cuda(), "cuda");
        IReadOnlyList<CudaDevice> devices = [.. context.GetCudaDevices()];
        return Open(context, devices, index, "CUDA", device => device.CreateAccelerator(context), []);
    }

    /// <summary>A GPU with an OpenCL driver, such as one of AMD or Intel.</summary>
    /// <param name="index">Which, if there are several.</param>
    /// <exception cref="GpuNotFoundException">There is no such device, or no driver.</exception>
    public static GpuDevice OpenCL(int index = 0)
    {
        RequireLibrary(
            OpenCLLibraries, "The OpenCL loader",
            "Install the graphics card's driver; on Debian and Ubuntu also the package ocl-icd-opencl-dev, which brings that file.");
        List<string> unusable = [];
        Context context = Make(builder => builder.OpenCL(device => IsUsable(device, unusable)), "opencl");
        IReadOnlyList<CLDevice> devices = [.. context.GetCLDevices()];
        return Open(context, devices, index, "OpenCL", device => device.CreateAccelerator(context), unusable);
    }

    /// <summary>Whether ILGPU can compile for a device; if not, what it is and what it lacks is added to a list.</summary>
    internal static bool IsUsable(CLDevice device, ICollection<string> unusable)
    {
        bool isNew = device.CVersion >= CLBackend.MinimumVersion;
        bool isUsable = isNew && device.Capabilities.GenericAddressSpace;
        if (!isUsable)
        {
            unusable.Add($"'{device.Name}' of '{device.PlatformName}' (OpenCL C {device.CVersion.Major}.{device.CVersion.Minor}{(isNew ? " without generic address spaces" : "")})");
        }

        return isUsable;
    }

    private static Context Make(Func<Context.Builder, Context.Builder> kind, string name)
    {
        try
        {
            // ILGPU 1.5.3 miscompiles shared memory in loops at O2 (docs/gpu.md).
            return Context.Create(builder => kind(builder.Optimize(OptimizationLevel.O1)));
        }
        catch (Exception cause) when (cause is DllNotFoundException or EntryPointNotFoundException or AcceleratorException or NotSupportedException)
        {
            throw new GpuNotFoundException(
                $"The driver for {name} devices is there but does not work: {cause.Message} Update it, and check that the device is not in use "
                + "by another system.",
                cause);
        }
    }

    internal static GpuDevice Open<T>(
        Context context, IReadOnlyList<T> devices, int index, string kind, Func<T, Accelerator> create, IReadOnlyCollection<string> unusable)
        where T : ILGPU.Runtime.Device
    {
        if ((uint)index < (uint)devices.Count)
        {
            try
            {
                return new GpuDevice(context, create(devices[index]));
            }
            catch (Exception cause) when (cause is AcceleratorException or CapabilityNotSupportedException or NotSupportedException)
            {
                context.Dispose();
                throw new GpuNotFoundException($"'{devices[index].Name}' was found, but cannot be used: {cause.Message}", cause);
            }
        }

        string found = string.Join(", ", devices.Select((device, place) => $"{place}: {device.Name}"));
        context.Dispose();
        string others = unusable.Count == 0 ? "" : $" Found, but too old: {string.Join(", ", unusable)}.";
        throw new GpuNotFoundException(devices.Count == 0
            ? $"The {kind} driver is there but shows no device that can be used.{others} OpenCL devices need OpenCL C 2.0 with generic address spaces, "
                + "CUDA devices compute capability 3.0 or more. A newer driver may help."
            : $"There is no {kind} device {index}. There are: {found}.{others}");
    }

    private static bool Loads(string[] libraries) => libraries.Any(library => NativeLibrary.TryLoad(library, out _));

    private static void RequireLibrary(string[] libraries, string what, string remedy)
    {
        if (!Loads(libraries))
        {
            throw new GpuNotFoundException($"{what} was not found ({string.Join(" or ", libraries)} cannot be loaded). {remedy}");
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// oclgrind, which executes kernels work item by work item and reports races and accesses out of bounds. It needs a process of its own,
/// in which the OpenCL loader sees no other driver: <see cref="OclgrindTests"/> starts it.
/// </summary>
public sealed class OclgrindBackend : GpuBackend
{
    /// <summary>Set in that process.</summary>
    public const string Variable = "HYPERDSL_OCLGRIND";

    public static readonly OclgrindBackend Instance = new();

    private const string Library = "libOpenCL.so.1";

    protected override (GpuDevice? Device, string Reason) Open()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            return (null, "Runs in a process of its own, which OclgrindTests starts.");
        }

        NativeLibrary.SetDllImportResolver(
            typeof(Context).Assembly, (name, _, _) => name == "OpenCL" && NativeLibrary.TryLoad(Library, out IntPtr handle) ? handle : 0);
        Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O1).OpenCL(device =>
        {
            SetGenericAddressSpace(device.Capabilities, true);
            return true;
        }));
        foreach (CLDevice device in context.GetCLDevices())
        {
            return (new GpuDevice(context, device.CreateAccelerator(context), Adapt), "");
        }

        throw new InvalidOperationException("The OpenCL loader shows no device though oclgrind is registered.");
    }

    /// <summary>What is generic are views of global memory; shared memory has its own type.</summary>
    private static CompiledKernel Adapt(CompiledKernel kernel)
    {
        ref string source = ref Source((CLCompiledKernel)kernel);
        source = source.Replace("__generic ", "global ", StringComparison.Ordinal);
        return kernel;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    private static extern ref string Source(CLCompiledKernel kernel);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// The OpenCL code that ILGPU generates, run in parallel by pocl on this processor. pocl 3.1 lacks generic address spaces, which ILGPU
/// demands; on a processor there is only one space, so pointers are taken through integers. None of this is part of the product.
/// </summary>
public sealed partial class PoclBackend : GpuBackend
{
    public static readonly PoclBackend Instance = new();

    private const string Library = "libOpenCL.so.1";

    protected override (GpuDevice? Device, string Reason) Open()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
        {
            return (null, $"{Library} was not found: install the packages pocl-opencl-icd and ocl-icd-libopencl1.");
        }

        // pocl's handler of division errors would end the process where .NET expects an exception.
        SetEnvironment("POCL_SIGFPE_HANDLER", "0", 1);

        // pocl reads them once, when ILGPU tries the device with a kernel of its own.
        var options = Environment.GetEnvironmentVariable("POCL_EXTRA_BUILD_FLAGS") + " " + PoclBuiltins.Options;
        SetEnvironment("POCL_EXTRA_BUILD_FLAGS", options, 1);
        NativeLibrary.SetDllImportResolver(
            typeof(Context).Assembly, (name, _, _) => name == "OpenCL" && NativeLibrary.TryLoad(Library, out IntPtr handle) ? handle : 0);
        Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O1).OpenCL(device =>
        {
            SetGenericAddressSpace(device.Capabilities, true);
            return true;
        }));
        CLDevice? pocl = null;
        foreach (CLDevice device in context.GetCLDevices())
        {
            pocl = device.PlatformName.Contains("Portable", StringComparison.Ordinal) ? device : pocl;
        }

        if (pocl is null)
        {
            context.Dispose();
            return (null, "There is no pocl device: install the package pocl-opencl-icd.");
        }

        return (new GpuDevice(context, pocl.CreateAccelerator(context), Adapt), "");
    }

    private static CompiledKernel Adapt(CompiledKernel kernel)
    {
        ref string source = ref Source((CLCompiledKernel)kernel);
        source = PoclBuiltins.Declarations + WithFlatPointers(source);
        return kernel;
    }

    private static string WithFlatPointers(string source)
    {
        source = source.Replace("typedef __generic ", "typedef __private ");
        HashSet<string> pointers = [.. PointerType().Matches(source).Select(match => match.Groups[1].Value)];
        source = Cast().Replace(source, match => pointers.Contains(match.Groups[1].Value) ? match.Value + "(ulong)" : match.Value);

        // ILGPU orders global memory only, which shared memory does not obey by OpenCL's rules. A branch that follows a barrier at once is
        // taken by all work items of pocl 3.1 as the last one would, so there has to be something between them that the compiler leaves there.
        return source.Replace(
            "( CLK_GLOBAL_MEM_FENCE );", "( CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE ); __asm__ volatile(\"\");", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"typedef (?:global|local|__private|private|constant)\s[^;]*\*\s+(type_\d+);")]
    private static partial Regex PointerType();

    [GeneratedRegex(@"\((type_\d+)\)(?=\s*[\w(&*])")]
    private static partial Regex Cast();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Source>k__BackingField")]
    private static extern ref string Source(CLCompiledKernel kernel);
}

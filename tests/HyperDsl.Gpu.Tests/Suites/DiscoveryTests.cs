using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.OpenCL;

namespace HyperDsl.Gpu.Tests;

/// <summary>What is said where there is no device, or no kernel.</summary>
public sealed class DiscoveryTests
{
    [SkippableFact]
    public void Without_a_driver_the_message_says_what_to_install()
    {
        bool found = GpuDevice.List().Any(device => device.Kind == "cuda");
        Skip.If(found, "There is an NVIDIA device.");
        GpuNotFoundException refused = Assert.Throws<GpuNotFoundException>(() => GpuDevice.Cuda());
        Assert.Contains("driver", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Any library stands for the driver's, which is then found not to work.</summary>
    [SkippableFact]
    public void A_driver_that_does_not_work_shows_no_devices()
    {
        string library = OperatingSystem.IsWindows() ? "kernel32.dll" : "libdl.so.2";
        Skip.IfNot(NativeLibrary.TryLoad(library, out _), library + " cannot be loaded.");
        Assert.Empty(GpuDevice.Descriptions<CLDevice>(
            [library], "opencl", _ => throw new NotSupportedException("too old"), _ => throw new InvalidOperationException("No context was made.")));
    }

    /// <summary>pocl 3.1 without the tests' shim is such a device.</summary>
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(99)]
    public void A_device_that_is_too_old_is_named(int index)
    {
        _ = PoclBackend.Instance.Device;
        List<string> unusable = [];
        Context context = Context.Create(builder => builder.OpenCL(device => GpuDevice.IsUsable(device, unusable)));
        CLDevice[] usable = [.. context.GetCLDevices()];
        Skip.If(unusable.Count == 0 || index < usable.Length, "All devices can be used.");
        GpuNotFoundException refused = Assert.Throws<GpuNotFoundException>(() =>
            GpuDevice.Open(context, usable, index, "OpenCL", device => device.CreateAccelerator(context), unusable));
        Assert.All(unusable, device => Assert.Contains(device, refused.Message, StringComparison.Ordinal));
        Assert.Contains("Portable Computing Language", refused.Message, StringComparison.Ordinal);
        Assert.Matches(@"\(OpenCL C \d\.\d", refused.Message);
    }

    [SkippableFact]
    public void A_model_without_kernels_says_how_to_get_them()
    {
        GpuDevice device = PoclBackend.Instance.Device;
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => new NotCompiled().To(device));
        Assert.Contains("Reference HyperDsl.Gpu", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A model that no compiler saw.</summary>
    private sealed class NotCompiled : Model
    {
        public override void VisitWeights(WeightVisitor visitor)
        {
        }
    }
}

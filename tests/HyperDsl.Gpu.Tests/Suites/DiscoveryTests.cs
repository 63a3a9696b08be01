using System.Runtime.InteropServices;
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

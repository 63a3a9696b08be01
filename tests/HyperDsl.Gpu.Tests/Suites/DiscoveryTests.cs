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

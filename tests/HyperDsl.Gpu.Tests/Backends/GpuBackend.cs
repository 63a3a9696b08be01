namespace HyperDsl.Gpu.Tests;

/// <summary>A device that a suite runs on, opened once, or the reason why there is none.</summary>
public abstract class GpuBackend
{
    private readonly Lazy<(GpuDevice? Device, string Reason)> opened;

    protected GpuBackend() => opened = new(Open);

    /// <summary>The device; where there is none the test is skipped, visibly.</summary>
    public GpuDevice Device
    {
        get
        {
            Skip.If(opened.Value.Device is null, opened.Value.Reason);
            return opened.Value.Device!;
        }
    }

    protected abstract (GpuDevice? Device, string Reason) Open();
}

/// <summary>An NVIDIA GPU.</summary>
public sealed class CudaBackend : GpuBackend
{
    public static readonly CudaBackend Instance = new();

    protected override (GpuDevice? Device, string Reason) Open()
    {
        try
        {
            return (GpuDevice.Cuda(), "");
        }
        catch (GpuNotFoundException missing)
        {
            return (null, missing.Message);
        }
    }
}

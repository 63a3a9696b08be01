using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>A test that needs libtorch: skipped with the reason where there is none; its native tensors are freed at the end.</summary>
[Collection("libtorch")]
public abstract class TorchTest : IDisposable
{
    private readonly DisposeScope? scope;

    /// <summary>Skips the test where libtorch is not available.</summary>
    protected TorchTest()
    {
        Skip.If(TorchRuntime.WhyUnavailable is not null, TorchRuntime.WhyUnavailable);
        scope = torch.NewDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scope?.Dispose();
        GC.SuppressFinalize(this);
    }
}

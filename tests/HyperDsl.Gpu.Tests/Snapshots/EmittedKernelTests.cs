using HyperDsl.Generator.Tests.Snapshots;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Code for GPUs as its readers see it, and as NVIDIA's driver gets it. A wanted change is accepted by renaming <c>*.received.*</c> to
/// <c>*.verified.*</c> (<c>tests/accept-snapshots</c> does it for all).
/// </summary>
public sealed class EmittedKernelTests
{
    [Theory]
    [InlineData("Gpu.LossTraining")]
    [InlineData("Gpu.Kernels")]
    [InlineData("GpuPlan")]
    public Task A_static_hypernetwork(string part) => Snapshot.Verify(EmittedModel.HyperDigits.Files[$"Small.HyperDigits.{part}.g.cs"], part);

    [Theory]
    [InlineData("Gpu.LossTraining")]
    public Task A_hyperlstm(string part) => Snapshot.Verify(EmittedModel.HyperLstm.Files[$"Small.Recurrent.{part}.g.cs"], part);

    /// <summary>One kernel of each kind; what is compared is the text with ids numbered by first use.</summary>
    [Theory]
    [InlineData("product", "Product")]
    [InlineData("pass", "Relu")]
    [InlineData("sum", "SumOf")]
    [InlineData("pooling", "MaxPool")]
    public Task Ptx_of_a(string kind, string beginning) =>
        Snapshot.Verify(Ptx.Normalised(Ptx.TextOf(EmittedModel.HyperDigits.Kernel(beginning))), kind, "ptx");

    [Fact]
    public Task Ptx_of_an_optimiser() => Snapshot.Verify(Ptx.Normalised(Ptx.TextOf(OptimizerKernels.AdamKernel)), extension: "ptx");
}

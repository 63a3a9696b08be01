using HyperDsl.Generator.Tests.Snapshots;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// Code for GPUs as its readers see it, and as NVIDIA's driver gets it. A wanted change is accepted by renaming <c>*.received.*</c> to
/// <c>*.verified.*</c> (<c>tests/accept-snapshots</c> does it for all).
/// </summary>
public sealed class EmittedKernelTests
{
    private static readonly EmittedModel Layers = EmittedModel.GeneratedLayers(2);

    [Theory]
    [InlineData("Gpu.LossTraining")]
    [InlineData("GpuPlan")]
    public Task A_static_hypernetwork(string part) => Snapshot.Verify(EmittedModel.HyperDigits.Files[$"Small.HyperDigits.{part}.g.cs"], part);

    [Fact]
    public Task A_hyperlstm() => Snapshot.Verify(EmittedModel.HyperLstm.Files["Small.Recurrent.Gpu.LossTraining.g.cs"]);

    [Theory]
    [InlineData("product", "ProductNx10x256")]
    [InlineData("thin-product", "ProductOfCopy1x4x2")]
    [InlineData("convolution", "ProductOfPaddedN64x16x18")]
    [InlineData("pass-with-reduction", "AddMaxSubtract")]
    [InlineData("sum", "SumOfLessSelect")]
    [InlineData("pooling", "MaxPool")]
    public Task Kernel_of_a(string kind, string beginning)
    {
        EmittedModel model = EmittedModel.HyperDigits;
        return Snapshot.Verify(model.Code(model.Kernel(beginning)), kind);
    }

    [Fact]
    public Task Launches_of_generated_layers() => Snapshot.Verify(Layers.Files["Small.GeneratedLayers.Gpu.LogitsEvaluation.g.cs"]);

    [Theory]
    [InlineData("Products")]
    [InlineData("Products2")]
    public Task Kernel_of_all(string name) => Snapshot.Verify(Layers.Code(Layers.Kernels.Single(kernel => kernel.Name == name)), name);

    /// <summary>One is a product of memory, the other one of what a pass and padding make.</summary>
    [Fact]
    public Task Kernel_of_joined_gradients() => Snapshot.Verify(EmittedModel.HyperDigits.Code(EmittedModel.HyperDigits.Kernel("ProductSums")));

    [Fact]
    public Task Kernel_that_adds_gradients() => Snapshot.Verify(EmittedModel.HyperLstm.Code(EmittedModel.HyperLstm.Kernel("AddProductSums")));

    [Fact]
    public Task Kernel_for_tensor_cores() =>
        Snapshot.Verify(EmittedModel.RoundedLayer.Code(EmittedModel.RoundedLayer.Kernel("ProductN64x128x24Tanh")));

    [Fact]
    public Task Kernel_that_walks_a_sequence() => Snapshot.Verify(EmittedModel.HyperLstm.Code(EmittedModel.HyperLstm.Kernel("Walk")));

    [Fact]
    public Task A_hyperlstm_whose_loop_the_host_keeps() => Snapshot.Verify(EmittedModel.LargeHyperLstm.Files["Small.LargeRecurrent.Gpu.LossTraining.g.cs"]);

    [Fact]
    public Task Kernel_of_rows_of_a_step() => Snapshot.Verify(EmittedModel.LargeHyperLstm.Code(EmittedModel.LargeHyperLstm.Kernel("RowsOfStep")));

    /// <summary>What is compared is the text with ids numbered by first use.</summary>
    [Theory]
    [InlineData("product", "ProductNx10x256")]
    [InlineData("convolution", "ProductOfPaddedN64x16x18")]
    [InlineData("thin-product", "ProductOfCopy1x4x2")]
    [InlineData("pass-with-reduction", "AddMaxSubtract")]
    [InlineData("sum", "SumOfLessSelect")]
    [InlineData("pooling", "MaxPool")]
    public Task Ptx_of_a(string kind, string beginning) =>
        Snapshot.Verify(Ptx.StableTextOf(EmittedModel.HyperDigits.Kernel(beginning)), kind, "ptx");

    [Fact]
    public Task Ptx_for_tensor_cores() =>
        Snapshot.Verify(Ptx.StableTextOf(EmittedModel.RoundedLayer.Kernel("ProductN64x128x24Tanh"), onTensorCores: true), extension: "ptx");

    [Fact]
    public Task Ptx_of_joined_products() =>
        Snapshot.Verify(Ptx.StableTextOf(Layers.Kernels.Single(kernel => kernel.Name == "Products2")), extension: "ptx");

    [Fact]
    public Task Ptx_of_joined_gradients() => Snapshot.Verify(Ptx.StableTextOf(EmittedModel.HyperDigits.Kernel("ProductSums")), extension: "ptx");

    [Fact]
    public Task Ptx_of_a_walk() => Snapshot.Verify(Ptx.StableTextOf(EmittedModel.HyperLstm.Kernel("Walk")), extension: "ptx");

    [Fact]
    public Task Ptx_of_rows_of_a_step() => Snapshot.Verify(Ptx.StableTextOf(EmittedModel.LargeHyperLstm.Kernel("RowsOfStep")), extension: "ptx");

    [Fact]
    public Task Ptx_of_an_optimiser() => Snapshot.Verify(Ptx.StableTextOf(OptimizerKernels.AdamKernel), extension: "ptx");
}

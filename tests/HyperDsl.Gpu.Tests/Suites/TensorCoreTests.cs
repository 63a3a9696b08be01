using HyperDsl.Models;
using ILGPU.Runtime.Cuda;

namespace HyperDsl.Gpu.Tests;

/// <summary>Which kernels have a form for tensor cores, who gets it, and what NVIDIA's assembler makes of it.</summary>
public sealed class TensorCoreTests
{
    public static TheoryData<string> Cases => new(FusionCases.Large.Keys.Concat(FusionCases.LargeJoined.Keys));

    [Fact]
    public void Models_that_ask_for_tensor_cores_have_kernels_for_them_and_others_have_none()
    {
        string asking = "HyperDsl_Models_" + nameof(RoundedProducts);
        Assert.Contains(Ptx.Kernels[asking], kernel => kernel.OnTensorCores is not null);
        Assert.All(
            Ptx.Kernels.Where(model => model.Key != asking).SelectMany(model => model.Value), kernel => Assert.Null(kernel.OnTensorCores));
    }

    [Fact]
    public void Only_large_products_have_a_form_for_tensor_cores()
    {
        Assert.All(Ptx.Kernels["HyperDsl_Models_" + nameof(RoundedProducts)], kernel =>
            Assert.Equal(kernel.Name.StartsWith("Product", StringComparison.Ordinal), kernel.OnTensorCores is not null));
    }

    [Theory]
    [InlineData(7, 0, false)]
    [InlineData(7, 5, false)]
    [InlineData(8, 0, true)]
    [InlineData(8, 6, true)]
    [InlineData(9, 0, true)]
    public void Devices_get_the_form_that_they_can_execute(int major, int minor, bool hasTensorCores)
    {
        CudaArchitecture architecture = new(major, minor);
        Assert.Equal(hasTensorCores, TensorCores.AreIn(architecture));
        foreach (GpuKernel kernel in Forms("large"))
        {
            Assert.Equal(hasTensorCores, Ptx.TextFor(kernel, architecture).Contains("mma.sync", StringComparison.Ordinal));
        }
    }

    [SkippableFact]
    public void Older_devices_can_assemble_what_they_get()
    {
        Skip.IfNot(Ptxas.IsFound, Ptxas.Missing);
        foreach (GpuKernel kernel in Forms("large"))
        {
            Ptxas.Assemble(Ptx.TextFor(kernel, CudaArchitecture.SM_75), "sm_75");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Large_products_are_matrix_instructions(string name) => Assert.All(Forms(name), kernel =>
    {
        string text = Ptx.TextOf(kernel, onTensorCores: true);
        Assert.Contains("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".local ", text, StringComparison.Ordinal);
        Assert.Empty(Ptx.Unresolved(text));
    });

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Kernels_assemble_without_spills_or_stack(string name)
    {
        Skip.IfNot(Ptxas.IsFound, Ptxas.Missing);
        foreach (GpuKernel kernel in Forms(name))
        {
            foreach (string architecture in new[] { "sm_80", "sm_90" })
            {
                AssembledKernel assembled = Ptxas.Assemble(Ptx.TextOf(kernel, onTensorCores: true), architecture);
                Assert.True(
                    assembled is { Spills: 0, Stack: 0, Registers: <= PtxTests.MostRegisters }, $"{kernel.Name} on {architecture}: {assembled}");
                Assert.True(assembled.TensorInstructions is null or > 0, $"{kernel.Name} on {architecture}: no HMMA");
            }
        }
    }

    private static GpuKernel[] Forms(string name)
    {
        GpuKernel[] kernels = [.. LargeProducts.Kernels(name, tensorCores: true).Where(kernel => kernel.OnTensorCores is not null)];
        Assert.NotEmpty(kernels);
        return kernels;
    }
}

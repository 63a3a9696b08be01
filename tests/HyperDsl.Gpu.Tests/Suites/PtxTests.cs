using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace HyperDsl.Gpu.Tests;

/// <summary>All kernels as NVIDIA's drivers get them; none is executed here.</summary>
/// <param name="output">Gets what docs/gpu.md makes its table of.</param>
public sealed class PtxTests(ITestOutputHelper output)
{
    /// <summary>With 256 threads a group, so many registers still leave room for two groups on a multiprocessor of 65,536.</summary>
    internal const int MostRegisters = 128;

    /// <summary>A kernel's text is unrolled as far as that: drivers compile longer ones slowly, and instruction caches do not hold them.</summary>
    private const int MostMultiplications = 1500;

    public static TheoryData<string> Models => new(Ptx.Kernels.Keys);

    /// <summary>One model of each kind: assembling takes longer than compiling.</summary>
    public static TheoryData<string> Assembled =>
    [
        "StaticHyperNet_HyperNet", "HyperDsl_Models_ResidualNetwork", "HyperDsl_Models_KernelMixtures", "HyperDsl_Models_HyperLstmCharacters",
        "HyperDsl_Models_DroppedCharacters", "HyperDsl_Models_RoundedProducts", "HyperDsl_Benchmarks_Models_HyperLstm512",
        "HyperDsl_Benchmarks_Models_Convolution64", nameof(OptimizerKernels), nameof(MemoryKernels),
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void Kernels_become_ptx_without_local_memory_or_unresolved_calls(string model)
    {
        Assert.NotEmpty(Ptx.Kernels[model]);
        foreach (GpuKernel kernel in Ptx.Kernels[model])
        {
            foreach (string text in Ptx.TextsOf(kernel))
            {
                Assert.True(!text.Contains(".local ", StringComparison.Ordinal), kernel.Name + " uses local memory");
                Assert.Empty(Ptx.Unresolved(text));
                Assert.DoesNotContain(".approx", text);
                int multiplications = Regex.Count(text, @"\b(mul|fma)(\.rn)?\.f32");
                Assert.True(multiplications <= MostMultiplications, $"{kernel.Name} has {multiplications} multiplications");
                // The order of sums depends on positions only, and OpenCL has no functions of warps.
                Assert.DoesNotMatch(@"\b(atom|red|shfl|vote|match|redux)\.", text);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Assembled))]
    public void Kernels_assemble_without_spills_or_stack(string model)
    {
        Skip.IfNot(Ptxas.IsFound, Ptxas.Missing);
        foreach ((GpuKernel kernel, string text) in Ptx.Kernels[model].SelectMany(Ptx.TextsOf, (kernel, text) => (kernel, text)))
        {
            foreach (string architecture in new[] { "sm_80", "sm_90" })
            {
                AssembledKernel assembled = Ptxas.Assemble(text, architecture);
                Assert.True(
                    assembled is { Spills: 0, Stack: 0, Registers: <= MostRegisters }, $"{kernel.Name} on {architecture}: {assembled}");
                int groups = Multiprocessor.Of(architecture).GroupsOf(assembled, kernel.Threads);
                int warps = groups * Multiprocessor.WarpsOf(kernel.Threads);
                output.WriteLine(
                    $"{architecture} {kernel.Name}: {kernel.Threads} threads, {assembled.Registers} registers, {assembled.SharedBytes} bytes shared, {warps} warps");
                Assert.True(warps >= FewestWarps(kernel), $"{kernel.Name} on {architecture}: {warps} warps, {assembled}");
            }
        }
    }

    /// <summary>
    /// A thread of a large tile has 64 sums that do not wait for one another, so 4 warps a scheduler hide everything; one that has little of its
    /// own to go on with needs others to run while it waits for memory (docs/gpu.md, "Occupancy").
    /// </summary>
    private static int FewestWarps(GpuKernel kernel) => kernel.Name.StartsWith("Product", StringComparison.Ordinal) ? 16
        : kernel.Name.StartsWith("Walk", StringComparison.Ordinal) || kernel.Name.StartsWith("RowsOfStep", StringComparison.Ordinal) ? 24
        : 48;

    [Fact]
    public void Texts_are_the_same_whatever_was_compiled_before()
    {
        // Two kernels with reductions share methods.
        GpuKernel[] kernels = [.. Ptx.Kernels[nameof(OptimizerKernels)], .. Ptx.Kernels["HyperDsl_Models_HyperLstmCharacters"].Take(10)];
        string[] first = [.. kernels.Select(kernel => Ptx.StableTextOf(kernel))];
        string[] reversed = [.. kernels.Reverse().Select(kernel => Ptx.StableTextOf(kernel)).Reverse()];
        Assert.Equal(first, reversed);
    }
}

using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>Products with eight rows and columns a thread, against what the graph means.</summary>
public abstract class LargeProductSuite(GpuBackend backend)
{
    public static TheoryData<string> Cases => new(FusionCases.Large.Keys.Concat(FusionCases.LargePrologues.Keys).Concat(FusionCases.LargeJoined.Keys).Concat(FusionCases.LargeGradients.Keys));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_what_the_graph_means(string name)
    {
        GpuDevice device = backend.Device;
        TestModel model = LargeProducts.Model(name);
        RoutineProgram program = GpuGraph.Program(model.Differentiated(), model.Parameters);
        using GpuGraphRun run = new(device, model, model.Differentiated(), GpuGraph.Load([program])[0]);
        Assert.Null(run.Difference(1));
    }
}

public sealed class PoclLargeProductTests() : LargeProductSuite(PoclBackend.Instance);

public sealed class CudaLargeProductTests() : LargeProductSuite(CudaBackend.Instance);

/// <summary>Which tiles such products get, and what becomes of them.</summary>
public sealed class LargeProductTests
{
    [Fact]
    public void Tiles_are_the_largest_that_fill_a_device()
    {
        ProductKernel[] products = Products("large");
        Assert.Equal(
            [new ProductTile(128, 128, 8, 8), new ProductTile(128, 64, 8, 8), new ProductTile(128, 64, 8, 8)],
            products.Select(product => product.Tile).OrderByDescending(tile => tile!.Columns));
        Assert.All(products, product => Assert.True(
            ProductQuads.OfLeft(product) != QuadAxis.None && ProductQuads.OfRight(product) != QuadAxis.None && ProductQuads.OfResult(product)));
        Assert.Contains(products, product => ProductQuads.OfLeft(product) == QuadAxis.Across);
        Assert.Contains(products, product => ProductQuads.OfRight(product) == QuadAxis.Inner);
        Assert.All(Products("large and odd"), product => Assert.Equal(QuadAxis.None, ProductQuads.OfLeft(product)));
    }

    [Fact]
    public void Large_products_are_fused_as_small_ones()
    {
        DeviceKernel kernel = Assert.Single(LargeProducts.Program(LargeProducts.Fused).Phases.SelectMany(phase => phase.Steps)
            .SelectMany(DeviceMemory.LaunchesOf)).Kernel;
        FusedProductKernel fused = Assert.IsType<FusedProductKernel>(kernel);
        Assert.Equal((new ProductTile(128, 128, 8, 8), 2, 1), (fused.Tile!, fused.Products.Count, fused.Sums.Count));
    }

    [Theory]
    [InlineData("large", "Product")]
    [InlineData("large and joined", "Products")]
    [InlineData("large gradients", "ProductSums")]
    public void Accesses_are_128_bits_wide(string name, string beginning)
    {
        GpuKernel[] kernels = [.. LargeProducts.Kernels(name).Where(kernel => kernel.Name.StartsWith(beginning, StringComparison.Ordinal))];
        Assert.NotEmpty(kernels);
        foreach (GpuKernel kernel in kernels)
        {
            string text = Ptx.TextOf(kernel);
            Assert.Contains("ld.v4.f32", text, StringComparison.Ordinal);
            Assert.Contains("ld.shared.v4.f32", text, StringComparison.Ordinal);
            Assert.Contains("st.v4.f32", text, StringComparison.Ordinal);
            Assert.DoesNotContain(".local ", text, StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(PoclLargeProductTests.Cases), MemberType = typeof(PoclLargeProductTests))]
    public void Kernels_assemble_without_spills_or_stack(string name)
    {
        Skip.IfNot(Ptxas.IsFound, Ptxas.Missing);
        foreach (GpuKernel kernel in LargeProducts.Kernels(name))
        {
            foreach (string architecture in new[] { "sm_80", "sm_90" })
            {
                AssembledKernel assembled = Ptxas.Assemble(Ptx.TextOf(kernel), architecture);
                Assert.True(
                    assembled is { Spills: 0, Stack: 0, Registers: <= PtxTests.MostRegisters }, $"{kernel.Name} on {architecture}: {assembled}");
            }
        }
    }

    [Fact]
    public void Products_of_weights_become_one_kernel_by_a_larger_tile_than_each_has_alone()
    {
        ProductsKernel joined = Assert.Single(LargeProducts.Program(FusionCases.LargeJoined.Keys.Single()).Phases
            .SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf).Select(launch => launch.Kernel).OfType<ProductsKernel>());
        Assert.Equal((3, 2), (joined.Members.Count, joined.Parts.Length));
        Assert.Equal(new ProductTile(64, 64, 4, 4), joined.Tile);
        Assert.Equal(
            [new ProductTile(32, 32, 2, 2), new ProductTile(32, 32, 2, 2)],
            joined.Parts.Select(part => ProductTiles.Choose(part.Product with { Tile = null }, RowCount.One)));
        Assert.All(joined.Parts.Select(part => part.Product), product => Assert.True(
            ProductQuads.OfLeft(product) != QuadAxis.None && ProductQuads.OfRight(product) != QuadAxis.None && ProductQuads.OfResult(product)));
    }

    private static ProductKernel[] Products(string name) => [.. LargeProducts.Program(name)
        .Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf).Select(launch => launch.Kernel)
        .SelectMany(kernel => kernel is FusedProductKernel fused ? fused.Products.ToArray() : kernel is ProductKernel product ? [product] : [])];
}

/// <summary>The cases as training; the fused one as a prediction, where no reduction follows, and the joined one, where gradients say nothing new.</summary>
internal static class LargeProducts
{
    public const string Fused = "large and fused";

    public static TestModel Model(string name)
    {
        CaseBuilder builder = new();
        return name == Fused || FusionCases.LargeJoined.ContainsKey(name) ? builder.Predicting(FusionCases.LargeOf(name)(builder)) : builder.Training(FusionCases.LargeOf(name)(builder));
    }

    public static DeviceProgram Program(string name) => DeviceScheduler.Run(Source(name), LoopForm.Automatic);

    public static GpuKernel[] Kernels(string name, bool tensorCores = false) => GpuGraph.Kernels(Source(name), tensorCores);

    public static RoutineProgram Source(string name)
    {
        TestModel model = Model(name);
        return GpuGraph.Program(model.Differentiated(), model.Parameters);
    }
}

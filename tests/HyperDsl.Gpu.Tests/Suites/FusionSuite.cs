using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>Fused products compute what the graph means.</summary>
public abstract class FusionSuite(GpuBackend backend)
{
    private static readonly Lazy<Dictionary<string, GpuRoutine>> Emitted = new(() =>
    {
        TestModel[] models = [.. FusionCases.All.Keys.Select(Training)];
        GpuRoutine[] routines = GpuGraph.Load([.. models.Select(model => GpuGraph.Program(model.Differentiated(), model.Parameters))]);
        return FusionCases.All.Keys.Zip(routines).ToDictionary(pair => pair.First, pair => pair.Second);
    });

    public static TheoryData<string> Cases => new(FusionCases.All.Keys);

    public static TheoryData<string> Gradients => new(FusionCases.All.Keys.Where(name => name.StartsWith("gradients", StringComparison.Ordinal)));

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_what_the_graph_means(string name)
    {
        GpuDevice device = backend.Device;
        TestModel model = Training(name);
        using GpuGraphRun run = new(device, model, model.Differentiated(), Emitted.Value[name]);
        Assert.Null(run.Difference(1));
        Assert.Null(run.Difference(18));
    }

    /// <summary>So many examples that each sum over them is cut: its last part is shorter.</summary>
    [SkippableTheory]
    [MemberData(nameof(Gradients))]
    public void Gradients_in_parts_are_what_the_graph_means(string name)
    {
        GpuDevice device = backend.Device;
        TestModel model = Training(name);
        using GpuGraphRun run = new(device, model, model.Differentiated(), Emitted.Value[name]);
        Assert.Null(run.Difference(300));
    }

    private static TestModel Training(string name)
    {
        CaseBuilder builder = new();
        return builder.Training(FusionCases.All[name](builder));
    }
}

public sealed class PoclFusionTests() : FusionSuite(PoclBackend.Instance);

public sealed class CudaFusionTests() : FusionSuite(CudaBackend.Instance);

/// <summary>What is fused in predictions, where all of it is known: products, sums, and the values that are stored.</summary>
public sealed class FusionTests
{
    [Theory]
    [InlineData("bias and relu", 1, 1, 1)]
    [InlineData("sum of three products", 3, 1, 1)]
    [InlineData("product of two products", 2, 2, 1)]
    [InlineData("batched", 1, 1, 1)]
    [InlineData("several rows an example", 1, 1, 1)]
    [InlineData("turned", 1, 1, 1)]
    [InlineData("convolution", 1, 1, 1)]
    [InlineData("mask", 1, 1, 1)]
    [InlineData("few columns", 2, 2, 1)]
    public void Everything_becomes_one_kernel(string name, int products, int sums, int stores)
    {
        FusedProductKernel[] fused = [.. Kernels(name).OfType<FusedProductKernel>()];
        Assert.DoesNotContain(Kernels(name), kernel => kernel is ProductKernel);
        FusedProductKernel only = Assert.Single(fused);
        Assert.Equal((products, sums, stores), (only.Products.Count, only.Sums.Count, StoresOf(only)));
    }

    [Fact]
    public void What_is_read_later_is_stored()
    {
        FusedProductKernel[] fused = [.. Kernels("read later, too").OfType<FusedProductKernel>()];
        Assert.Equal([2, 1], fused.Select(StoresOf));
    }

    [Fact]
    public void A_part_of_a_result_is_read_from_memory()
    {
        DeviceKernel[] kernels = Kernels("a part of a result");
        Assert.Contains(kernels, kernel => kernel is ProductKernel);
        Assert.Contains(kernels, kernel => kernel is PassKernel);
    }

    private static int StoresOf(FusedProductKernel kernel) =>
        Enumerable.Range(0, kernel.OperandCount).Count(kernel.Writes);

    private static DeviceKernel[] Kernels(string name)
    {
        CaseBuilder builder = new();
        TestModel model = builder.Predicting(FusionCases.All[name](builder));
        return [.. DeviceScheduler.Run(GpuGraph.Program(model.Differentiated(), model.Parameters), LoopForm.Automatic)
            .Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf).Select(launch => launch.Kernel)];
    }
}

using HyperDsl.Compiled.Tests;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>What is computed in the loads of a product, and what is not.</summary>
public sealed class PrologueTests
{
    [Theory]
    [InlineData("scaled before", 1, 0)]
    [InlineData("scaled before few columns", 1, 0)]
    [InlineData("both factors made", 1, 1)]
    [InlineData("both factors the same", 1, 1)]
    [InlineData("counted before", 1, 0)]
    [InlineData("large and padded", 1, 0)]
    [InlineData("large and scaled by rows", 1, 0)]
    [InlineData("large convolution", 1, 0)]
    [InlineData("large, masked and padded", 1, 0)]
    [InlineData("padded steps", 1, 0)]
    [InlineData("padded, one channel", 1, 0)]
    [InlineData("padded, stored by a product", 2, 0)]
    [InlineData("padded, a kernel an example", 1, 0)]
    [InlineData("padded by one row", 1, 0)]
    [InlineData("padded columns", 1, 0)]
    [InlineData("padded, in groups", 1, 0)]
    public void Nothing_but_products_is_launched(string name, int left, int right)
    {
        Launch[] launches = Launches(name);
        ProductKernel[] products = [.. launches.SelectMany(launch => ProductReader.ProductsOf(launch.Kernel))];
        Assert.True(launches.All(launch => ProductReader.ProductsOf(launch.Kernel).Length > 0), string.Join("; ", launches.Select(launch => launch.Comment)));
        // A product may take its factors the other way round.
        int[] made = [products.Count(product => product.LeftPrologue is not null), products.Count(product => product.RightPrologue is not null)];
        Assert.Equal([left + right, Math.Min(left, right)], [made.Sum(), made.Min()]);
    }

    /// <summary>Where each tile of columns would compute a function again.</summary>
    [Fact]
    public void What_costs_much_is_computed_once() =>
        Assert.Contains(Launches("costly before"), launch => launch.Kernel is PassKernel);

    /// <summary>Fours that an edge of padding, a channel or a mask would tear apart are loaded one by one.</summary>
    [Theory]
    [InlineData("large", true)]
    [InlineData("large and padded", true)]
    [InlineData("large and scaled by rows", true)]
    [InlineData("large convolution", true)]
    [InlineData("large, masked and padded", false)]
    [InlineData("padded, one channel", false)]
    public void Accesses_are_as_wide_as_the_passes_of_prologues_allow(string name, bool inQuads)
    {
        ProductKernel product = Assert.Single(Launches(name).SelectMany(launch => ProductReader.ProductsOf(launch.Kernel)));
        QuadAxis axis = product.LeftPrologue is not null ? ProductQuads.OfLeft(product) : ProductQuads.OfRight(product);
        Assert.Equal(inQuads, axis != QuadAxis.None);
    }

    private static Launch[] Launches(string name)
    {
        CaseBuilder builder = new();
        TestModel model = builder.Predicting((FusionCases.All.TryGetValue(name, out Func<CaseBuilder, Value>? graph) ? graph : FusionCases.LargeOf(name))(builder));
        return [.. DeviceScheduler.Run(GpuGraph.Program(model.Differentiated(), model.Parameters), LoopForm.Automatic)
            .Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
    }
}

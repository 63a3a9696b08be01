using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// What must not be fused, or not moved: launches around a product [N, 20] = left [N, 5] · right [5, 20] and a pass that reads it, whose temporary
/// values share memory in ways that a compiled routine has at other places.
/// </summary>
public sealed class FusionOrderTests
{
    private const int Columns = 20;
    private const int Inner = 5;

    private enum Value
    {
        Left,
        Right,
        Product,
        Passed,
        Other,
        InPlaceOfLeft,
        OverPassed,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallLaunches.Scratch("left", 0, Inner), new(Place.Parameter, 0, Inner * Columns, Shape.Of(Inner, Columns), "right", false),
        SmallLaunches.Scratch("product", 32, Columns), SmallLaunches.Scratch("passed", 64, Columns), SmallLaunches.Scratch("other", 112, Columns), SmallLaunches.Scratch("inPlaceOfLeft", 0, Columns),
        SmallLaunches.Scratch("overPassed", 80, Columns),
    ];

    [Fact]
    public void A_product_waits_for_its_pass() =>
        Assert.Equal(["fill other", "product, pass"], Fused(Product(), Fill(Value.Other), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_pass_follows_a_product_whose_operand_is_overwritten() => Assert.Equal(
        ["product, pass", "fill inPlaceOfLeft"],
        Fused(Product(), Fill(Value.InPlaceOfLeft), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void Neither_moves_where_both_are_in_the_way() => Assert.Equal(
        ["product", "fill inPlaceOfLeft", "fill overPassed", "pass"],
        Fused(Product(), Fill(Value.InPlaceOfLeft), Fill(Value.OverPassed), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_pass_that_writes_over_an_operand_stays_behind() => Assert.Equal(
        ["product", "pass"], Fused(Product(), Pass(Value.Product, Value.InPlaceOfLeft), Use(Value.InPlaceOfLeft)));

    [Fact]
    public void A_result_that_is_changed_in_between_is_not_taken_from_registers() => Assert.Equal(
        ["product", "fill product", "pass"], Fused(Product(), Fill(Value.Product), Pass(Value.Product, Value.Passed), Use(Value.Passed)));

    [Fact]
    public void A_result_that_another_phase_reads_is_stored()
    {
        Assert.Equal(1, Stores([Product(), Pass(Value.Product, Value.Passed)], [Pass(Value.Passed, Value.Other)]));
        Assert.Equal(2, Stores([Product(), Pass(Value.Product, Value.Passed)], [Pass(Value.Product, Value.Other)]));
    }

    /// <summary>The first pass of a turn reads what the turn before left.</summary>
    [Fact]
    public void A_result_that_the_next_turn_reads_is_stored()
    {
        DeviceLoop Loop(params DeviceStep[] body) => new(body.ToEquatable(), FromLast: false);
        Assert.Equal(1, Stores([Loop(Pass(Value.Passed, Value.Other), Product(), Pass(Value.Product, Value.Passed))]));
        Assert.Equal(2, Stores([Loop(Pass(Value.Product, Value.Other), Product(), Pass(Value.Product, Value.Passed))]));
    }

    private static readonly SmallLaunches Launches = new(Storages);

    private static Launch Product() =>
        SmallLaunches.Product((int)Value.Left, (int)Value.Right, (int)Value.Product, Inner, Columns);

    private static Launch Fill(Value value) => Launches.Fill((int)value);

    private static Launch Pass(Value from, Value to) => Launches.Pass((int)from, (int)to, Columns);

    /// <summary>A reader of the pass' result that cannot be fused.</summary>
    private static Launch Use(Value value) => SmallLaunches.Use((int)value, (int)Value.Other);

    private static string[] Fused(params DeviceStep[] steps) => [.. Run([steps])
        .Select(launch => launch.Comment.Replace("; ", ", ", StringComparison.Ordinal)).Where(comment => comment != "use")];

    private static int Stores(params DeviceStep[][] phases)
    {
        FusedProductKernel kernel = Assert.Single(Run(phases).Select(launch => launch.Kernel).OfType<FusedProductKernel>());
        return Enumerable.Range(0, kernel.OperandCount).Count(kernel.Writes);
    }

    private static Launch[] Run(DeviceStep[][] phases) =>
        [.. FuseProducts.Run(Launches.Program(phases)).Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)];
}

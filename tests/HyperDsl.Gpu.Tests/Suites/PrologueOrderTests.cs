using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>
/// What must stay a launch: around a pass that makes the left factor [N, 5] of a product, values share memory in ways that a compiled routine has
/// at other places.
/// </summary>
public sealed class PrologueOrderTests
{
    private const int Columns = 20;
    private const int Inner = 5;
    private const int Padded = 8;

    private enum Value
    {
        Input,
        Right,
        Left,
        Product,
        Other,
        OverInput,
        Padded,
        Middle,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallLaunches.Scratch("input", 0, Inner), new(Place.Parameter, 0, Padded * Columns, Shape.Of(Padded, Columns), "right", false),
        SmallLaunches.Scratch("left", 32, Inner), SmallLaunches.Scratch("product", 64, Columns), SmallLaunches.Scratch("other", 112, Columns), SmallLaunches.Scratch("overInput", 0, Columns),
        SmallLaunches.Scratch("padded", 144, Padded), SmallLaunches.Scratch("middle", 160, Inner),
    ];

    [Fact]
    public void A_pass_runs_in_the_loads() =>
        Assert.Equal(["left = relu(input); product"], Run([Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.Product)]));

    [Fact]
    public void A_pass_stays_where_its_input_is_overwritten_before_the_product() => Assert.Equal(
        ["pass", "fill overInput", "product"],
        Run([Pass(Value.Input, Value.Left), Fill(Value.OverInput), Product(Value.Left, Inner, Value.Product)]));

    [Fact]
    public void A_pass_stays_where_the_product_overwrites_its_input() =>
        Assert.Equal(["pass", "product"], Run([Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.OverInput)]));

    [Fact]
    public void A_pass_stays_where_anything_else_reads_it()
    {
        DeviceStep[] steps = [Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.Product)];
        Assert.Equal(["pass", "product", "use"], Run([.. steps, Use(Value.Left)]));
        Assert.Equal(["pass", "product", "use"], Run(steps, [Use(Value.Left)]));
        Assert.Equal(["pass", "product", "pass"], Run([new DeviceLoop(steps.ToEquatable(), false)], [Pass(Value.Left, Value.Other)]));
    }

    [Fact]
    public void A_pass_over_the_same_step_stays_in_its_loop()
    {
        DeviceStep[] body = [Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.Product)];
        DeviceLoop loop = Assert.IsType<DeviceLoop>(Assert.Single(Fused([new DeviceLoop(body.ToEquatable(), false)]).Phases[0].Steps));
        Assert.Equal("left = relu(input); product", Assert.IsType<Launch>(Assert.Single(loop.Body)).Comment);
    }

    [Fact]
    public void A_pass_stays_where_its_input_is_overwritten_before_the_last_of_several_products() => Assert.Equal(
        ["pass", "product", "fill overInput", "product"],
        Run([
            Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.Product), Fill(Value.OverInput),
            Product(Value.Left, Inner, Value.Other),
        ]));

    [Fact]
    public void A_pass_runs_in_the_loads_of_several_products() => Assert.Equal(
        ["left = relu(input); product", "left = relu(input); product"],
        Run([Pass(Value.Input, Value.Left), Product(Value.Left, Inner, Value.Product), Product(Value.Left, Inner, Value.Other)]));

    [Fact]
    public void Another_result_of_the_pass_is_still_stored()
    {
        Assert.Equal(
            ["pass", "left = relu(input); product", "use"],
            Run([PassTwice(Value.Left, Value.Middle), Product(Value.Left, Inner, Value.Product), Use(Value.Middle)]));
        // Where that overwrites what the pass reads, nothing moves.
        Assert.Equal(
            ["pass", "product", "use"],
            Run([PassTwice(Value.Left, Value.OverInput), Product(Value.Left, Inner, Value.Product), Use(Value.OverInput)]));
    }

    [Fact]
    public void Of_two_passes_one_behind_the_other_the_last_one_moves() => Assert.Equal(
        ["pass", "left = relu(middle); product"],
        Run([Pass(Value.Input, Value.Middle), Pass(Value.Middle, Value.Left), Product(Value.Left, Inner, Value.Product)]));

    [Fact]
    public void A_product_that_reads_what_the_turn_before_left_reads_memory() => Assert.Equal(
        ["product", "pass"],
        Run([new DeviceLoop(new DeviceStep[] { Product(Value.Left, Inner, Value.Product), Pass(Value.Input, Value.Left) }.ToEquatable(), false)]));

    [Fact]
    public void Padding_is_no_memory()
    {
        DeviceStep[] steps = [Fill(Value.Padded), Pass(Value.Input, Value.Padded, 2), Product(Value.Padded, Padded, Value.Product)];
        Assert.Equal(["padded = relu(input); product"], Run(steps));
        Assert.Equal(["fill padded", "pass", "product", "use"], Run([.. steps, Use(Value.Padded)]));
    }

    /// <summary>The pass stays, since its input is overwritten, but stores without gaps.</summary>
    [Fact]
    public void Padding_is_no_memory_where_the_pass_stays() => Assert.Equal(
        ["pass", "fill overInput", "padding around padded; product"],
        Run([
            Fill(Value.Padded), Pass(Value.Input, Value.Padded, 2), Fill(Value.OverInput),
            Product(Value.Padded, Padded, Value.Product),
        ]));

    [Fact]
    public void What_nobody_filled_is_not_padding() => Assert.Equal(
        ["pass", "product"], Run([Pass(Value.Input, Value.Padded, 2), Product(Value.Padded, Padded, Value.Product)]));

    private static readonly SmallLaunches Launches = new(Storages);

    private static Launch Product(Value left, int inner, Value result) =>
        SmallLaunches.Product((int)left, (int)Value.Right, (int)result, inner, Columns);

    private static Launch Fill(Value value) => Launches.Fill((int)value);

    private static Launch Pass(Value from, Value to, int offset = 0) => Launches.Pass((int)from, (int)to, Inner, offset);

    /// <summary>Stores the relu of the input twice.</summary>
    private static Launch PassTwice(Value to, Value again) => Launches.Twice(Pass(Value.Input, to), (int)again);

    private static Launch Use(Value value) => SmallLaunches.Use((int)value, (int)Value.Other);

    private static string[] Run(params DeviceStep[][] phases) => [.. Fused(phases).Phases.SelectMany(phase => phase.Steps)
        .SelectMany(DeviceMemory.LaunchesOf).Select(launch => launch.Comment)];

    private static DeviceProgram Fused(params DeviceStep[][] phases) => FusePrologues.Run(Launches.Program(phases));
}

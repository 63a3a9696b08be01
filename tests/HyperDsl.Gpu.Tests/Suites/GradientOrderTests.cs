using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Which products that add up examples are launched together, in which order.</summary>
public sealed class GradientOrderTests
{
    private const int Side = 20;
    private const int Size = Side * Side;

    private enum Value
    {
        X,
        Y,
        Z,
        OverY,
        First,
        Second,
        Third,
        OverFirst,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallLaunches.Scratch("x", 0, Side), SmallLaunches.Scratch("y", Side, Side), SmallLaunches.Scratch("z", 2 * Side, Side),
        SmallLaunches.Scratch("over y", Side, Side), Gradient("first", 0), Gradient("second", Size), Gradient("third", 2 * Size),
        Gradient("over first", Size / 2),
    ];

    private static readonly Launch First = Product(Value.X, Value.Y, Value.First);
    private static readonly Launch Second = Product(Value.X, Value.Y, Value.Second);
    private static readonly Launch FillZ = Fill(Value.Z);

    [Fact]
    public void Gradients_are_one_launch() => Assert.Equal(
        ["4 += 0 · 1\n5 += 0 · 1\n6 += 0 · 1"], Run([First, Second, Product(Value.X, Value.Y, Value.Third)]));

    [Fact]
    public void The_later_one_moves_forward_past_what_it_does_not_need() => Assert.Equal(
        ["4 += 0 · 1\n5 += 0 · 1", "fill over y"], Run([First, Second, Fill(Value.OverY)]));

    /// <summary>Between them are both, what the later one reads and what overwrites factors of the earlier one.</summary>
    [Fact]
    public void They_meet_behind_what_the_later_one_needs_and_before_what_overwrites_factors_of_the_earlier_one()
    {
        Launch ofZ = Product(Value.X, Value.Z, Value.Second);
        Assert.Equal(["fill z", "4 += 0 · 1\n5 += 0 · 2"], Run([First, FillZ, ofZ]));
        Assert.Equal(["fill z", "4 += 0 · 1\n5 += 0 · 2", "fill over y"], Run([First, Fill(Value.OverY), FillZ, ofZ]));
    }

    [Fact]
    public void They_stay_apart_where_what_the_later_one_needs_overwrites_factors_of_the_earlier_one()
    {
        Assert.Equal(
            ["4 += 0 · 1", "fill over y", "5 += 0 · 3"], Run([First, Fill(Value.OverY), Product(Value.X, Value.OverY, Value.Second)]));

        // Not itself, but by what it needs itself.
        Launch zOfY = new SmallLaunches(Storages).Pass((int)Value.OverY, (int)Value.Z, Side);
        Assert.Equal(
            ["4 += 0 · 1", "fill over y", "pass", "5 += 0 · 2"],
            Run([First, Fill(Value.OverY), zOfY, Product(Value.X, Value.Z, Value.Second)]));
    }

    [Fact]
    public void Sums_that_share_a_target_stay_in_their_order() => Assert.Equal(
        ["4 += 0 · 1", "7 += 0 · 1"], Run([First, Product(Value.X, Value.Y, Value.OverFirst)]));

    [Fact]
    public void Phases_are_apart_and_loops_of_the_host_are_left_alone()
    {
        Assert.Equal(2, Join(Storages, [[First], [Second]]).Length);
        DeviceLoop loop = new(new EquatableArray<DeviceStep>(First, Second), FromLast: false);
        Assert.Equal(loop, Assert.Single(Join(Storages, [[loop]])));
    }

    [Fact]
    public void Only_sums_over_examples_are_joined_that_need_no_more_than_their_factors()
    {
        Assert.Equal(2, Run([First, Second with { Adds = false }]).Length);
        Assert.Equal(2, Run([First, Second with { AddsRowsUp = false }]).Length);
        ProductKernel product = (ProductKernel)Second.Kernel;
        Assert.Equal(2, Run([First, Second with { Kernel = product with { Inner = new EquatableArray<ProductAxis>(ProductAxis.Closed(9, Side, Side, 0)) } }]).Length);
        Assert.Single(Run([First, Second with { Kernel = product with { LeftPrologue = Prologue(new Relu()) } }]));
        Assert.Equal(2, Run([First, Second with { Kernel = product with { LeftPrologue = Prologue(new KeepMask(0.5, Shape.Of(Side), 1)) } }]).Length);
    }

    [Fact]
    public void Numbers_of_rows_may_differ()
    {
        ProductSumsKernel kernel = Kernel([First, Second with { Rows = RowCount.Steps }]);
        Assert.Equal([RowCount.Examples, RowCount.Steps], kernel.Sums.Select(sum => sum.Rows));
        Assert.Equal([RowCount.Examples, RowCount.Steps], kernel.RowCounts);
    }

    [Fact]
    public void Equal_products_stand_side_by_side_and_a_buffer_is_passed_once()
    {
        Launch other = SmallSums.Product((int)Value.X, (int)Value.Z, (int)Value.Second, Side, Side - 1);
        Launch launch = Assert.IsType<Launch>(Assert.Single(Join(Storages, [[First, other, Product(Value.Y, Value.X, Value.Third)]])));
        ProductSumsKernel kernel = (ProductSumsKernel)launch.Kernel;
        Assert.Equal(
            [Value.X, Value.Y, Value.Z, Value.First, Value.Third, Value.Second], launch.Operands.Select(operand => (Value)operand.Storage));
        Assert.Equal([0, 1, 1, 0, 0, 2], kernel.Sums.SelectMany(sum => sum.Operands));
        Assert.Equal((3, 2), (kernel.Inputs, kernel.Parts.Length));
        Assert.Equal([false, false, false, true, true, true], Enumerable.Range(0, 6).Select(kernel.Writes));
        Assert.Equal([Size, Size, Side * (Side - 1)], kernel.Adding.Sums.Select(sum => sum.Places.Elements));
    }

    [Fact]
    public void A_launch_has_no_more_buffers_than_arguments_have_room_for()
    {
        StoredValue[] storages = [Storages[0], Storages[1], .. Enumerable.Range(0, 70).Select(i => Gradient("gradient" + i, i * Size))];
        DeviceStep[] steps = Join(storages, [[.. Enumerable.Range(2, 70).Select(target => SmallSums.Product(0, 1, target, Side, Side))]]);
        Assert.Equal([2 + DeviceKernel.MostOperands, 2 + 70 - DeviceKernel.MostOperands], steps.Cast<Launch>().Select(launch => launch.Operands.Count));
    }

    /// <summary>A thin product has an element a thread; by a tile of its neighbours most of its work would be for nothing.</summary>
    [Theory]
    [InlineData(20, true)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void A_product_keeps_its_launch_where_another_ones_tile_would_be_far_more_work(int rows, bool joins)
    {
        const int columns = 4096;
        StoredValue[] storages =
        [
            Storages[0], SmallLaunches.Scratch("wide", 100, columns), Gradient("first", 0), SmallSums.Value(Place.Gradient, "second", Size, columns * rows),
        ];
        Launch[] launches =
        [
            SmallSums.Product(0, 0, 2, Side, Side, new ProductTile(16, 16, 1, 1)),
            SmallSums.Product(0, 1, 3, rows, columns, rows < 8 ? null : new ProductTile(16, 32, 1, 2)),
        ];
        Assert.Equal(joins ? 1 : 2, Join(storages, [launches]).Length);
    }

    /// <summary>Where loads come in fours, a thread has eight rows and columns; where one product's do not, all have smaller tiles.</summary>
    [Theory]
    [InlineData(64, 128)]
    [InlineData(63, 64)]
    public void The_tile_is_one_for_which_all_products_have_registers(int columns, int tileRows)
    {
        const int rows = 1024;
        StoredValue[] storages =
        [
            SmallLaunches.Scratch("a", 0, rows), SmallLaunches.Scratch("b", rows, 64), SmallLaunches.Scratch("c", rows + 64, columns),
            SmallSums.Value(Place.Gradient, "first", 0, rows * 64), SmallSums.Value(Place.Gradient, "second", rows * 64, rows * columns),
        ];
        Launch[] launches =
        [
            SmallSums.Product(0, 1, 3, rows, 64, new(128, 64, 8, 8)) with { Rows = RowCount.Steps },
            SmallSums.Product(0, 2, 4, rows, columns, new(64, 64, 4, 4)) with { Rows = RowCount.Steps },
        ];
        ProductSumsKernel kernel = (ProductSumsKernel)Assert.IsType<Launch>(Assert.Single(Join(storages, [launches]))).Kernel;
        Assert.Equal(tileRows, kernel.Tile.Rows);
        Assert.All(kernel.Parts, part => Assert.True(ProductTiles.HasRegisters(part)));
    }

    private static Prologue Prologue(Operation operation)
    {
        bool isMask = operation is KeepMask;
        RowInstruction load = new(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0);
        RowInstruction made = isMask
            ? new(RowInstructionKind.Leaf, operation, EquatableArray<int>.Empty, -1, false, 0)
            : new(RowInstructionKind.Apply, operation, new EquatableArray<int>(0), -1, false, 0);
        RowProgram pass = new(
            true, EquatableArray<int>.Empty, new EquatableArray<int>(Side),
            new EquatableArray<RowOperand>(new RowOperand(false, Side, new EquatableArray<int>(1)), new RowOperand(true, Side, new EquatableArray<int>(1))),
            new EquatableArray<RowInstruction>(load, made, new RowInstruction(RowInstructionKind.Store, null, new EquatableArray<int>(1), 1, false, 0)), 1, true);
        return new Prologue(pass, new EquatableArray<PrologueAxis>(new PrologueAxis(0, 1, Side, 0, Side)), 0, true);
    }

    private static StoredValue Gradient(string name, int offset) => new(Place.Gradient, offset, Size, Shape.Of(Side, Side), name, false);

    private static Launch Product(Value left, Value right, Value target) => SmallSums.Product((int)left, (int)right, (int)target, Side, Side);

    private static Launch Fill(Value value) => new SmallLaunches(Storages).Fill((int)value);

    private static ProductSumsKernel Kernel(DeviceStep[] steps) =>
        (ProductSumsKernel)Assert.IsType<Launch>(Assert.Single(Join(Storages, [steps]))).Kernel;

    private static string[] Run(DeviceStep[] steps) => [.. Join(Storages, [steps]).Cast<Launch>().Select(launch => launch.Comment)];

    private static DeviceStep[] Join(StoredValue[] storages, IEnumerable<DeviceStep[]> phases) =>
        [.. JoinGradients.Run(new SmallLaunches(storages).Program(phases)).Phases.SelectMany(phase => phase.Steps)];
}

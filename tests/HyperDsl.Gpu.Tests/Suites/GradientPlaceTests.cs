using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Sums over examples that are only copied to a gradient are added up there, in whatever order of axes.</summary>
public sealed class GradientPlaceTests
{
    private const int Rows = 12;
    private const int Columns = 20;
    private const int Size = Rows * Columns;
    private const int Wide = 32;

    private enum Value
    {
        X,
        Y,
        Sum,
        Total,
        Gradient,
        Label,
        Other,
        OtherTotal,
        Assembled,
        Common,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallSums.Value(Place.Scratch, "x", 0, Rows), SmallSums.Value(Place.Scratch, "y", Rows, Columns), SmallSums.Value(Place.Lane, "sum", 16, Size),
        SmallSums.Value(Place.LaneTotal, "total", 16, Size), SmallSums.Value(Place.Gradient, "gradient", 0, Size),
        SmallSums.Value(Place.IndexInput, "label", 0, 1), SmallSums.Value(Place.Lane, "other", 16 + Size, Rows * (Wide - Columns)),
        SmallSums.Value(Place.LaneTotal, "other total", 16 + Size, Rows * (Wide - Columns)),
        SmallSums.Value(Place.Gradient, "assembled", Size, Rows * Wide), SmallSums.Value(Place.Shared, "common", 0, Size),
    ];

    private static readonly Launch Adding = Product(Value.Sum, Columns);
    private static readonly Launch Turned = SmallSums.Copy((int)Value.Total, (int)Value.Gradient, Rows, Columns, 1, Rows);

    [Fact]
    public void A_product_is_added_up_where_its_turned_copy_would_be()
    {
        Launch moved = Assert.Single(Run([Adding], [Turned]));
        Assert.Equal(new DeviceOperand((int)Value.Gradient, 0), moved.Target);
        Assert.Equal([new SumAxis(Rows, 1), new SumAxis(Columns, Rows)], SumPlaces.Of(Assert.IsType<ProductKernel>(moved.Kernel)).Axes);
    }

    /// <summary>The parts of its sum lie in another order than its elements, whose axes stay as its factors have them.</summary>
    [Fact]
    public void A_copy_that_cuts_an_axis_has_places_of_its_own()
    {
        Launch cut = new Launch(
            new PassKernel(SmallSums.CopyProgram([Rows, 4, Columns / 4], [Columns, Columns / 4, 1], [Columns, 1, 4])),
            SmallSums.Operands((int)Value.Total, (int)Value.Gradient), null, 0, false, RowCount.One, EquatableArray<int>.Empty, "cut");
        Launch moved = Assert.Single(Run([Adding], [cut]));
        ProductSumsKernel kernel = Assert.IsType<ProductSumsKernel>(moved.Kernel);
        Assert.Equal([Value.X, Value.Y, Value.Gradient], moved.Operands.Select(operand => (Value)operand.Storage));
        Assert.Equal([new SumAxis(Rows, Columns), new SumAxis(4, 1), new SumAxis(Columns / 4, 4)], Assert.Single(kernel.Sums).Places.Axes);
    }

    [Fact]
    public void One_that_is_copied_in_order_is_only_added_up_elsewhere()
    {
        Launch moved = Assert.Single(Run([Adding], [SmallSums.Copy((int)Value.Total, (int)Value.Gradient, Rows, Columns, Columns, 1)]));
        Assert.Equal(Adding.Kernel, moved.Kernel);
        Assert.Equal(new DeviceOperand((int)Value.Gradient, 0), moved.Target);
    }

    [Fact]
    public void Parts_of_an_assembled_gradient_are_added_up_in_place()
    {
        Launch[] moved = Run([Adding, Product(Value.Other, Wide - Columns)], [Part(Value.Total, 0, Columns), Part(Value.OtherTotal, Columns, Wide - Columns)]);
        Assert.Equal([0, Columns], moved.Select(launch => launch.Operands[launch.Operands.Count - 1].Offset));
        Assert.All(moved, launch => Assert.Equal((int)Value.Assembled, launch.Operands[launch.Operands.Count - 1].Storage));
        Assert.All(moved, launch => Assert.Equal(new SumAxis(Rows, Wide), ((ProductSumsKernel)launch.Kernel).Sums[0].Places.Axes[0]));
    }

    [Fact]
    public void They_are_one_launch()
    {
        DeviceProgram program = GradientsInPlace.Run(new SmallLaunches(Storages).Program(
            [[Adding, Product(Value.Other, Wide - Columns)], [Part(Value.Total, 0, Columns), Part(Value.OtherTotal, Columns, Wide - Columns)]]));
        Launch launch = Assert.IsType<Launch>(Assert.Single(JoinGradients.Run(program).Phases.SelectMany(phase => phase.Steps)));
        Assert.Equal([0, Columns], launch.Operands.Where(operand => operand.Storage == (int)Value.Assembled).Select(operand => operand.Offset));
    }

    [Fact]
    public void So_is_a_part_whose_neighbour_is_stored()
    {
        Launch stored = SmallSums.Copy((int)Value.Common, (int)Value.Assembled, Rows, Wide - Columns, Wide, 1, Columns);
        Launch[] moved = Run([Adding], [Part(Value.Total, 0, Columns), stored]);
        Assert.Equal(2, moved.Length);
        Assert.Same(stored, moved[1]);
    }

    /// <summary>Where something lies between the parts, it was stored before, and would be stored behind what is added.</summary>
    [Fact]
    public void A_part_of_a_gradient_that_others_do_not_fill_is_copied() =>
        Assert.Equal(2, Run([Adding], [Part(Value.Total, 0, Columns)]).Length);

    [Fact]
    public void A_table_of_gathered_rows_is_added_up_in_place()
    {
        Launch moved = Assert.Single(Run([SmallSums.Scatter((int)Value.Y, (int)Value.Label, (int)Value.Sum, Rows, Columns)], [Turned]));
        Assert.Equal([new SumAxis(Rows, 1), new SumAxis(Columns, Rows)], Assert.IsType<ScatterSumKernel>(moved.Kernel).Places.Axes);
        Assert.Equal((int)Value.Gradient, moved.Operands[2].Storage);
    }

    [Fact]
    public void A_sum_that_something_else_touches_is_copied()
    {
        Launch use = SmallSums.Copy((int)Value.Total, (int)Value.Common, Rows, Columns, Columns, 1);
        Assert.Equal(3, Run([Adding], [Turned, use]).Length);
        Assert.Equal(3, Run([Adding, Adding], [Turned]).Length);
        Assert.Equal(3, Run([Adding], [Turned, SmallSums.Copy((int)Value.Common, (int)Value.Gradient, Rows, Columns, Columns, 1)]).Length);
    }

    [Fact]
    public void What_replaces_a_sum_is_copied() => Assert.Equal(2, Run([Adding with { Adds = false }], [Turned]).Length);

    /// <summary>A step of time has launches of its own for what is added up in it.</summary>
    [Fact]
    public void Loops_of_the_host_are_left_alone()
    {
        DeviceLoop loop = new(new EquatableArray<DeviceStep>(Adding), FromLast: false);
        DeviceProgram program = new SmallLaunches(Storages).Program([[loop], [Turned]]);
        Assert.Equal(program.Phases, GradientsInPlace.Run(program).Phases);
    }

    [Fact]
    public void Of_a_pass_that_does_more_the_rest_stays()
    {
        RowProgram copy = ((PassKernel)Turned.Kernel).Program;
        RowInstruction[] again = [.. copy.Instructions.Select((instruction, i) => instruction with
        {
            Operand = instruction.Operand + 2, Inputs = i == 0 ? EquatableArray<int>.Empty : new EquatableArray<int>(2),
        })];
        Launch two = Turned with
        {
            Kernel = new PassKernel(copy with
            {
                Operands = copy.Operands.Concat(copy.Operands).ToEquatable(), Instructions = copy.Instructions.Concat(again).ToEquatable(),
            }),
            Operands = Turned.Operands.Concat(SmallSums.Operands((int)Value.Common, (int)Value.Assembled)).ToEquatable(),
        };
        Launch[] moved = Run([Adding], [two]);
        Assert.Equal([Value.Common, Value.Assembled], moved[1].Operands.Select(operand => (Value)operand.Storage));
        Assert.Equal(2, ((PassKernel)moved[1].Kernel).Program.Instructions.Count);
    }

    [Fact]
    public void Only_sums_that_are_left_are_cleared()
    {
        DevicePhase Cleared(params DeviceStep[] copies)
        {
            DeviceProgram program = new SmallLaunches(Storages).Program([[Adding, Product(Value.Other, Wide - Columns)], copies]);
            DevicePhase[] phases = [.. program.Phases];
            phases[0] = phases[0] with { LaneOffset = 16, LaneSize = Size + (Rows * (Wide - Columns)) };
            return GradientsInPlace.Run(program with { Phases = phases.ToEquatable() }).Phases[0];
        }
        Launch[] parts = [Part(Value.Total, 0, Columns), Part(Value.OtherTotal, Columns, Wide - Columns)];
        DevicePhase one = Cleared(Turned);
        Assert.Equal((16 + Size, Rows * (Wide - Columns)), (one.LaneOffset, one.LaneSize));
        Assert.Equal(0, Cleared(parts).LaneSize);
        Assert.Equal(Size + (Rows * (Wide - Columns)), Cleared().LaneSize);
    }

    private static Launch Product(Value sum, int columns) => SmallSums.Product((int)Value.X, (int)Value.Y, (int)sum, Rows, columns, new ProductTile(16, 16, 1, 1));

    private static Launch Part(Value total, int offset, int columns) =>
        SmallSums.Copy((int)total, (int)Value.Assembled, Rows, columns, Wide, 1, offset);

    private static Launch[] Run(params DeviceStep[][] phases) =>
        [.. GradientsInPlace.Run(new SmallLaunches(Storages).Program(phases)).Phases.SelectMany(phase => phase.Steps).Cast<Launch>()];
}

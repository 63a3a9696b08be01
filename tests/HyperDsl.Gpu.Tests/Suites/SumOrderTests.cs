using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Which sums of passes become one launch, and what is left of sums of sums.</summary>
public sealed class SumOrderTests
{
    private const int Size = 20;

    private enum Value
    {
        X,
        Y,
        OverX,
        First,
        Second,
        OfExample,
        Total,
        FirstProduct,
        SecondProduct,
    }

    private static readonly StoredValue[] Storages =
    [
        Sequence("x", 0, Size), Sequence("y", 32, Size), Sequence("over x", 0, Size), SmallSums.Value(Place.Lane, "first", 0, Size),
        SmallSums.Value(Place.Lane, "second", 32, Size), SmallLaunches.Scratch("of example", 0, 1), SmallSums.Value(Place.Lane, "total", 64, 1),
        SmallSums.Value(Place.Lane, "first product", 0, Size * Size), SmallSums.Value(Place.Lane, "second product", Size * Size, Size * Size),
    ];

    private static readonly SmallLaunches Launches = new(Storages);

    /// <summary>The later one reads what is written in between; the earlier one's values are still there.</summary>
    [Fact]
    public void Sums_meet_behind_what_the_later_one_needs()
    {
        DeviceStep[] found = Joined(Sum(Value.X, Value.First), Fill(Value.Y), Sum(Value.Y, Value.Second));
        Assert.Equal(2, found.Length);
        Launch both = Assert.IsType<Launch>(found[1]);
        Assert.Equal(2, Assert.IsType<SumsKernel>(both.Kernel).Sums.Count);
        Assert.Equal([Value.X, Value.Y, Value.First, Value.Second], both.Operands.Select(operand => (Value)operand.Storage));
    }

    [Fact]
    public void Sums_stay_apart_where_the_later_one_needs_what_overwrites_the_other()
    {
        DeviceStep[] steps = [Sum(Value.X, Value.First), Fill(Value.OverX), Sum(Value.OverX, Value.Second)];
        Assert.Equal(steps, Joined(steps));
    }

    /// <summary>A pass has stored it for the sum alone.</summary>
    [Fact]
    public void A_sum_of_a_temporary_value_joins_until_that_is_made_anew()
    {
        Launch ofTemporary = Sum(Value.X, Value.First) with { Operands = new EquatableArray<DeviceOperand>(DeviceOperand.Temporary(0)) };
        Launch again = Launches.Pass((int)Value.X, (int)Value.Y, Size) with
        {
            Rows = RowCount.Steps, Temporaries = new EquatableArray<int>(Size), Operands = new EquatableArray<DeviceOperand>(new DeviceOperand((int)Value.X, 0), DeviceOperand.Temporary(0)),
        };
        Assert.Equal(2, Joined(ofTemporary, Fill(Value.Y), Sum(Value.Y, Value.Second)).Length);
        Assert.Equal(3, Joined(ofTemporary, again, Sum(Value.Y, Value.Second) with { Operands = again.Operands.Skip(1).ToEquatable() }).Length);
    }

    [Fact]
    public void Whole_sums_of_a_joined_launch_are_stored_and_not_cleared()
    {
        DeviceProgram joined = JoinLaunches.Run(WithLanes(Sum(Value.X, Value.First), Sum(Value.Y, Value.Second)));
        DevicePhase phase = WholeSums.Run(joined).Phases[0];
        Assert.Equal([0, 1], Assert.IsType<SumsKernel>(Assert.IsType<Launch>(Assert.Single(phase.Steps)).Kernel).Stored);
        Assert.Equal(0, phase.LaneSize);
        DevicePhase twice = WholeSums.Run(JoinLaunches.Run(WithLanes(
            Sum(Value.X, Value.First), Sum(Value.Y, Value.Second), Fill(Value.X), Sum(Value.X, Value.Second)))).Phases[0];
        Assert.Equal([0], Assert.Single(twice.Steps.Cast<Launch>().Select(launch => launch.Kernel).OfType<SumsKernel>()).Stored);
        Assert.Equal((32, Size), (twice.LaneOffset, twice.LaneSize));
    }

    [Fact]
    public void Whole_products_of_a_joined_launch_are_stored_and_not_cleared()
    {
        DeviceProgram joined = JoinGradients.Run(WithLanes(Product(Value.X, Value.FirstProduct), Product(Value.Y, Value.SecondProduct)));
        DevicePhase phase = WholeSums.Run(joined).Phases[0];
        ProductSumsKernel kernel = Assert.IsType<ProductSumsKernel>(Assert.IsType<Launch>(Assert.Single(phase.Steps)).Kernel);
        Assert.Equal([0, 1], kernel.Stored);
        Assert.All(kernel.Adding.Sums, sum => Assert.True(sum.IsStored));
        Assert.Equal(0, phase.LaneSize);
    }

    [Fact]
    public void A_sum_over_steps_and_then_over_examples_is_one()
    {
        Launch found = Assert.IsType<Launch>(Assert.Single(OfSums(FillOfExample, OverSteps, OverExamples)));
        Assert.Equal((RowCount.Steps, true, (int)Value.Total), (found.Rows, found.AddsRowsUp, found.Target!.Storage));
        SumKernel sum = Assert.IsType<SumKernel>(found.Kernel);
        Assert.Equal((false, 0), (sum.OverSteps, sum.Program.Operands[1].ExampleStride));
        Assert.Equal((int)Value.X, Assert.Single(found.Operands).Storage);
    }

    [Fact]
    public void A_sum_over_steps_that_something_else_reads_stays()
    {
        DeviceStep[] steps = [FillOfExample, OverSteps, OverExamples, SmallLaunches.Use((int)Value.OfExample, (int)Value.Y)];
        Assert.Equal(steps, OfSums(steps));
    }

    [Fact]
    public void A_sum_over_steps_that_does_not_begin_with_zero_stays()
    {
        DeviceStep[] steps = [FillOfExample with { Kernel = new FillKernel(1, 3) }, OverSteps, OverExamples];
        Assert.Equal(steps, OfSums(steps));
    }

    /// <summary>A worker's phases are lists of launches, after the first one that may be left out.</summary>
    [Fact]
    public void Phases_behind_the_first_are_one_that_clears_for_all()
    {
        DeviceProgram program = Launches.Program([[Fill(Value.X)], [Sum(Value.X, Value.First)], [Fill(Value.Y)], [Sum(Value.Y, Value.Second)]]);
        int[] begins = [0, 0, 0, 32];
        int[] sizes = [0, Size, 0, Size];
        DevicePhase[] phases = [.. PhasesAsOne.Run(program with
        {
            Phases = program.Phases.Select((phase, i) => phase with { LaneOffset = begins[i], LaneSize = sizes[i] }).ToEquatable(),
        }).Phases];
        Assert.Equal([1, 3], phases.Select(phase => phase.Steps.Count));
        Assert.Equal((0, 32 + Size), (phases[1].LaneOffset, phases[1].LaneSize));
    }

    private static readonly Launch FillOfExample = Launches.Fill((int)Value.OfExample);

    private static readonly Launch OverSteps = OneSum(Value.X, Value.OfExample, exampleStride: 1) with { Rows = RowCount.Examples };

    private static readonly Launch OverExamples = OneSum(Value.OfExample, Value.Total, exampleStride: 0);

    private static StoredValue Sequence(string name, int offset, int size) => SmallLaunches.Scratch(name, offset, size) with { Place = Place.Sequence, PerStep = true };

    private static Launch Fill(Value value) => Launches.Fill((int)value) with { Rows = RowCount.Steps };

    private static Launch Product(Value of, Value target) => SmallSums.Product((int)of, (int)of, (int)target, Size, Size);

    private static Launch Sum(Value of, Value target) => new(
        new SumKernel(Program(Size, Size, 0, 1)), SmallSums.Operands((int)of), new DeviceOperand((int)target, 0), Size, true, RowCount.Steps,
        EquatableArray<int>.Empty, $"{target} += {of}")
    {
        AddsRowsUp = true,
    };

    private static Launch OneSum(Value of, Value target, int exampleStride) => new(
        new SumKernel(Program(1, 1, exampleStride, 0), OverSteps: exampleStride != 0), SmallSums.Operands((int)of), new DeviceOperand((int)target, 0), 1, true,
        RowCount.Examples, EquatableArray<int>.Empty, $"{target} += {of}")
    {
        AddsRowsUp = exampleStride == 0,
    };

    private static RowProgram Program(int extent, int loadStride, int storeStride, int step) => new(
        true, EquatableArray<int>.Empty, new EquatableArray<int>(extent),
        new EquatableArray<RowOperand>(
            new RowOperand(false, loadStride, new EquatableArray<int>(step)), new RowOperand(true, storeStride, new EquatableArray<int>(step))),
        new EquatableArray<RowInstruction>(
            new RowInstruction(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
            new RowInstruction(RowInstructionKind.Accumulate, null, new EquatableArray<int>(0), 1, false, 0)),
        1, false);

    private static DeviceStep[] Joined(params DeviceStep[] steps) => [.. JoinLaunches.Run(Launches.Program([steps])).Phases[0].Steps];

    private static DeviceStep[] OfSums(params DeviceStep[] steps) => [.. SumsOfSums.Run(Launches.Program([steps])).Phases[0].Steps];

    private static DeviceProgram WithLanes(params DeviceStep[] steps)
    {
        StoredValue[] targets = [.. steps.OfType<Launch>().Where(launch => launch.Target is not null).Select(launch => Storages[launch.Target!.Storage])];
        DeviceProgram program = Launches.Program([steps]);
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { LaneOffset = 0, LaneSize = targets.Max(target => target.Offset + target.Size) }).ToEquatable(),
        };
    }
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using StoredValue = HyperDsl.Generator.Schedule.Storage;

namespace HyperDsl.Gpu.Tests;

/// <summary>Sums over examples that one launch makes whole are stored; only others are set to zero before.</summary>
public sealed class WholeSumTests
{
    private const int Rows = 12;
    private const int Columns = 20;
    private const int Size = Rows * Columns;

    private enum Value
    {
        X,
        Y,
        First,
        FirstTotal,
        Second,
        SecondTotal,
        Wide,
        Gradient,
    }

    private static readonly StoredValue[] Storages =
    [
        SmallSums.Value(Place.Scratch, "x", 0, Rows), SmallSums.Value(Place.Scratch, "y", 32, Columns), SmallSums.Value(Place.Lane, "first", 0, Size),
        SmallSums.Value(Place.LaneTotal, "first total", 0, Size), SmallSums.Value(Place.Lane, "second", 256, Size),
        SmallSums.Value(Place.LaneTotal, "second total", 256, Size), SmallSums.Value(Place.Lane, "wide", 512, 2 * Size),
        SmallSums.Value(Place.Gradient, "gradient", 0, Size),
    ];

    [Fact]
    public void A_sum_of_one_launch_is_stored_and_not_cleared() => Check([false], (0, 0), Product(Value.First));

    [Fact]
    public void Of_two_sums_only_that_is_cleared_to_which_two_launches_add() => Check(
        [false, true, true], (256, Size), Product(Value.First), Product(Value.Second), Product(Value.Second));

    /// <summary>Half of the sum is written by a pass, or by nobody.</summary>
    [Fact]
    public void A_sum_of_which_a_launch_makes_a_part_is_cleared() => Check([true], (512, 2 * Size), Product(Value.Wide));

    [Fact]
    public void What_a_loop_adds_at_every_step_is_cleared() => Check(
        [true], (0, Size), new DeviceLoop(new EquatableArray<DeviceStep>(Product(Value.First)), FromLast: false));

    /// <summary>A gradient is set to zero by whoever asks for gradients.</summary>
    [Fact]
    public void What_is_added_to_a_gradient_stays() => Check([true], (0, 0), Product(Value.Gradient));

    /// <summary>Nobody writes it, so it has to be zero.</summary>
    [Fact]
    public void A_sum_that_is_only_read_is_cleared()
    {
        Launch copy = SmallSums.Copy((int)Value.SecondTotal, (int)Value.Gradient, Rows, Columns, Columns, 1);
        DevicePhase[] phases = Run([Product(Value.First)], [copy]);
        Assert.Equal((256, Size), (phases[1].LaneOffset, phases[1].LaneSize));
    }

    private static Launch Product(Value target) => SmallSums.Product((int)Value.X, (int)Value.Y, (int)target, Rows, Columns);

    private static void Check(bool[] adds, (int Offset, int Size) cleared, params DeviceStep[] steps)
    {
        DevicePhase phase = Run(steps, [])[1];
        Assert.Equal(adds, phase.Steps.SelectMany(DeviceMemory.LaunchesOf).Select(launch => launch.Adds));
        Assert.Equal(cleared, (phase.LaneOffset, phase.LaneSize));
    }

    private static DevicePhase[] Run(DeviceStep[] steps, DeviceStep[] after)
    {
        DeviceProgram program = new SmallLaunches(Storages).Program([[], steps, after]);
        return [.. WholeSums.Run(program with
        {
            Phases = program.Phases.Select((phase, i) => i == 1 ? phase with { LaneOffset = 0, LaneSize = 512 + (2 * Size) } : phase).ToEquatable(),
        }).Phases];
    }
}

using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

public class ScheduleTests
{
    [Fact]
    public void The_notebooks_rate_falls_to_its_floor()
    {
        Schedule schedule = Schedule.Exponential(0.005, 0.999, floor: 1e-4);
        Assert.Equal(0.005, schedule.At(0));
        // Squaring again and again doubles the error of what is squared: up to one roundoff for each of the 1000 factors.
        double expected = 0.005 * Math.Pow(0.999, 1000);
        Assert.Equal(expected, schedule.At(1000), 1002 * Math.Pow(2, -53) * expected);
        Assert.True(schedule.At(3910) > 1e-4);
        Assert.Equal(1e-4, schedule.At(3911)); // log(0.02) / log(0.999) = 3910.07
        Assert.Equal(1e-4, schedule.At(long.MaxValue));
    }

    [Fact]
    public void A_table_jumps_at_its_steps()
    {
        Schedule schedule = Schedule.Table(0.1, (60, 0.02), (120, 0.004));
        Assert.Equal([0.1, 0.1, 0.02, 0.02, 0.004, 0.004], new long[] { 0, 59, 60, 119, 120, 9999 }.Select(schedule.At));
        Assert.Throws<ArgumentException>(() => Schedule.Table(0.1, (60, 0.02), (60, 0.004)));
    }

    [Fact]
    public void Warm_up_rises_in_a_line_and_then_follows()
    {
        Schedule schedule = Schedule.Constant(0.8).WithWarmUp(4);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 0.8], new long[] { 0, 1, 2, 3, 4 }.Select(step => Math.Round(schedule.At(step), 12)));
    }

    [Fact]
    public void Cosine_falls_from_start_to_floor()
    {
        Schedule schedule = Schedule.Cosine(1, 100, floor: 0.2);
        Assert.Equal(1, schedule.At(0));
        Assert.Equal(0.6, schedule.At(50), 4 * Math.Pow(2, -53));
        Assert.Equal(0.2, schedule.At(100));
        Assert.Equal(0.2, schedule.At(1000));
    }

    [Fact]
    public void A_number_is_a_constant_schedule()
    {
        Schedule schedule = 0.25;
        Assert.Equal(0.25, schedule.At(12345));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant(double.PositiveInfinity));
    }
}

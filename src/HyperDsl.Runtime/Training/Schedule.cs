namespace HyperDsl.Training;

/// <summary>
/// A learning rate as a function of the step alone, so that a resumed run continues where it was. Steps count from 0.
/// A number converts to a constant schedule.
/// </summary>
public abstract class Schedule
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">Steps taken before this one.</param>
    public abstract double At(long step);

    /// <summary>The same rate at every step.</summary>
    public static implicit operator Schedule(double rate) => Constant(rate);

    /// <summary>The same rate at every step.</summary>
    public static Schedule Constant(double rate) => new ConstantSchedule(Checked(rate));

    /// <summary>max(<paramref name="floor"/>, <paramref name="start"/> · <paramref name="factor"/>^step).</summary>
    public static Schedule Exponential(double start, double factor, double floor = 0) =>
        new ExponentialSchedule(Checked(start), Checked(factor), Checked(floor));

    /// <summary>A rate that jumps, as in wide residual networks.</summary>
    /// <param name="first">The rate from step 0 on.</param>
    /// <param name="changes">Steps, ascending, and the rates from them on.</param>
    public static Schedule Table(double first, params (long FromStep, double Rate)[] changes) =>
        new TableSchedule(Checked(first), changes);

    /// <summary>
    /// floor + (start − floor) · (1 + cos(π · step / steps)) / 2, and <paramref name="floor"/> from <paramref name="steps"/> on
    /// (Loshchilov and Hutter, SGDR, 2017, without restarts).
    /// </summary>
    public static Schedule Cosine(double start, long steps, double floor = 0) =>
        new CosineSchedule(
            Checked(start), steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps)), Checked(floor));

    /// <summary>This schedule times min(1, (step + 1) / <paramref name="steps"/>).</summary>
    public Schedule WithWarmUp(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new WarmUpSchedule(this, steps);
    }

    /// <summary>A power by squaring: the same bits on every machine, which <see cref="Math.Pow"/> does not promise.</summary>
    internal static double IntegerPower(double value, long exponent)
    {
        double power = 1;
        for (double square = value; exponent > 0; exponent >>= 1, square *= square)
        {
            if ((exponent & 1) != 0)
            {
                power *= square;
            }
        }

        return power;
    }

    private static double Checked(double rate) =>
        double.IsFinite(rate) && rate >= 0
            ? rate
            : throw new ArgumentOutOfRangeException(nameof(rate), rate, "Rates are finite and not negative.");

    private sealed class ConstantSchedule(double rate) : Schedule
    {
        public override double At(long step) => rate;
    }

    private sealed class ExponentialSchedule(double start, double factor, double floor) : Schedule
    {
        public override double At(long step) => Math.Max(floor, start * IntegerPower(factor, step));
    }

    private sealed class CosineSchedule(double start, long steps, double floor) : Schedule
    {
        public override double At(long step) =>
            step >= steps ? floor : floor + ((start - floor) * (1 + Math.Cos(Math.PI * step / steps)) / 2);
    }

    private sealed class WarmUpSchedule(Schedule inner, long steps) : Schedule
    {
        public override double At(long step) => inner.At(step) * Math.Min(1, (step + 1) / (double)steps);
    }

    private sealed class TableSchedule : Schedule
    {
        private readonly double first;
        private readonly (long FromStep, double Rate)[] changes;

        public TableSchedule(double first, (long FromStep, double Rate)[] changes)
        {
            this.first = first;
            this.changes = [.. changes];
            for (int index = 0; index < changes.Length; index++)
            {
                Checked(changes[index].Rate);
                if (changes[index].FromStep <= (index == 0 ? 0 : changes[index - 1].FromStep))
                {
                    throw new ArgumentException("The steps of a rate table are positive and ascend.", nameof(changes));
                }
            }
        }

        public override double At(long step)
        {
            double rate = first;
            foreach ((long fromStep, double next) in changes)
            {
                rate = step >= fromStep ? next : rate;
            }

            return rate;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace HyperDsl.Training;

/// <summary>Where a run is after a step.</summary>
/// <param name="Done">Steps done, those before a resumed checkpoint included.</param>
/// <param name="Total">Steps in all; estimated where time ends the run.</param>
/// <param name="Epoch">This epoch, counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">The step's loss.</param>
/// <param name="ExamplesPerSecond">Speed since the start of this run.</param>
/// <param name="Left">Estimated time to the end.</param>
/// <param name="EpochEnded">Whether the step was its epoch's last.</param>
public readonly record struct TrainingReport(
    long Done, long Total, long Epoch, long Epochs, double Loss, double ExamplesPerSecond, TimeSpan Left, bool EpochEnded);

/// <summary>Shows how far a run is.</summary>
public abstract class TrainingProgress
{
    /// <summary>Shows nothing.</summary>
    public static TrainingProgress None { get; } = new Silent();

    /// <summary>
    /// A bar with loss, speed and time left; on output that is no terminal plain lines, one an epoch and at most one every ten
    /// seconds between.
    /// </summary>
    /// <param name="console">Where; null for the standard output.</param>
    /// <param name="text">Words a report; by default epoch, loss, examples a second and the time left.</param>
    public static TrainingProgress ForConsole(IAnsiConsole? console = null, Func<TrainingReport, string>? text = null)
    {
        IAnsiConsole output = console ?? AnsiConsole.Console;
        return output.Profile.Capabilities.Interactive && output.Profile.Out.IsTerminal
            ? new Bar(output, text ?? Text)
            : new Lines(output.Profile.Out.Writer, text ?? Text);
    }

    /// <summary>Plain lines, one an epoch and at most one every ten seconds between.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="text">Words a report; by default epoch, loss, examples a second and the time left.</param>
    public static TrainingProgress ForWriter(TextWriter writer, Func<TrainingReport, string>? text = null) => new Lines(writer, text ?? Text);

    /// <summary>Runs training while showing it.</summary>
    /// <param name="done">Steps done before.</param>
    /// <param name="total">Steps in all.</param>
    /// <param name="training">Trains; calls its argument after every step.</param>
    public abstract void Run(long done, long total, Action<Action<TrainingReport>> training);

    private static string Text(TrainingReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {report.Epoch}/{report.Epochs}  loss {report.Loss:0.0000}  {report.ExamplesPerSecond:0} examples/s  "
        + $"{Duration(report.Left)} left");

    /// <summary>A time as minutes and seconds, with hours where there are any.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private sealed class Silent : TrainingProgress
    {
        public override void Run(long done, long total, Action<Action<TrainingReport>> training) => training(static _ => { });
    }

    private sealed class Lines(TextWriter writer, Func<TrainingReport, string> text) : TrainingProgress
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

        public override void Run(long done, long total, Action<Action<TrainingReport>> training)
        {
            long last = Stopwatch.GetTimestamp();
            training(report =>
            {
                if (report.EpochEnded || Stopwatch.GetElapsedTime(last) >= Interval)
                {
                    last = Stopwatch.GetTimestamp();
                    writer.WriteLine(text(report));
                }
            });
        }
    }

    private sealed class Bar(IAnsiConsole console, Func<TrainingReport, string> text) : TrainingProgress
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

        public override void Run(long done, long total, Action<Action<TrainingReport>> training) => console.Progress()
            .AutoClear(false)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                ProgressTask task = context.AddTask("training", autoStart: true, maxValue: total);
                task.Value = done;
                long last = 0;
                training(report =>
                {
                    if (report.EpochEnded || Stopwatch.GetElapsedTime(last) >= Interval)
                    {
                        last = Stopwatch.GetTimestamp();
                        task.MaxValue = report.Total;
                        task.Value = report.Done;
                        task.Description = Markup.Escape(text(report));
                    }
                });
            });
    }
}

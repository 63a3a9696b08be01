using System.Text;
using CharModel;
using HyperDsl.Training;
using Spectre.Console;

namespace HyperDsl.Samples.Tests;

/// <summary>What a terminal shows while a character model trains.</summary>
public sealed class CharModelProgressTests
{
    [Theory]
    [InlineData("epoch 2/10  loss 1.386  2.000 bits  6,400 characters/s  1:05 left")]
    [InlineData("epoch 2  loss 1.386  2.000 bits  6,400 characters/s  1:05 left", "--minutes", "3")]
    public void A_bar_shows_loss_bits_speed_and_the_time_left(string expected, params string[] arguments)
    {
        Options options = Options.Parse(arguments);
        using var writer = new StringWriter();
        IAnsiConsole console = Console(writer);
        var report = new TrainingReport(
            Done: 50, Total: 200, Epoch: 2, Epochs: 10, Loss: Math.Log(4), ExamplesPerSecond: 100, Left: TimeSpan.FromSeconds(65), EpochEnded: true);
        TrainingProgress.ForConsole(console, at => TrainingRun.ProgressLine(at, options)).Run(0, 200, show => show(report));
        Assert.Contains(expected, writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("25%", writer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A resumed run whose time was over in its first epoch, but not its evaluation.</summary>
    [Fact]
    public void A_bar_without_steps_is_full()
    {
        using var writer = new StringWriter();
        TrainingProgress.ForConsole(Console(writer)).Run(done: 5, total: 0, _ => { });
        Assert.Contains("100%", writer.ToString(), StringComparison.Ordinal);
    }

    private static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
        Out = new Terminal(writer),
    });

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 200;

        public int Height => 25;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

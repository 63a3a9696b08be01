using System.Globalization;
using HyperDsl;
using HyperDsl.Data;
using HyperDsl.Samples;
using HyperDsl.Training;

namespace CharModel;

/// <summary>Trains a model on a text and tests the weights that were best in validation.</summary>
/// <param name="net">The model.</param>
/// <param name="options">What the command line asks for.</param>
/// <param name="data">The text.</param>
/// <param name="folder">Where results go.</param>
/// <param name="time">How long the run has trained before.</param>
public sealed class TrainingRun(CharNet net, Options options, TextData data, RunFolder folder, TrainingTime time)
{
    private const double ClipNorm = 1;
    private const string TestKind = "test";

    // Each row begins without a memory, which costs a little; but one row alone would keep one processor busy only.
    private const int EvaluationRows = 32;
    private const int EvaluationSteps = 100;

    private readonly IReadOnlyDictionary<string, string> notes = StoredModel.Notes(data.Vocabulary, options.Settings);

    /// <summary>The result in one line.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Trains and tests.</summary>
    /// <param name="cancellation">Stops training; the checkpoint stays.</param>
    /// <exception cref="UnfitCheckpointException">The run cannot go on from the checkpoint that is there.</exception>
    /// <exception cref="FailedTrainingException">No weights have a finite validation loss.</exception>
    public void Run(CancellationToken cancellation)
    {
        net.Initialise(options.Seed);
        using TextWindows training = Windows(data.Train, options.Batch, options.Steps, keepRemainder: false);
        using TextWindows validation = Windows(data.Validation, EvaluationRows, EvaluationSteps, keepRemainder: true);
        using TextWindows test = Windows(data.Test, EvaluationRows, EvaluationSteps, keepRemainder: true);
        var trainer = new Trainer(net, new Adam(Rate(training.BatchesPerEpoch)) { ClipNorm = ClipNorm }, (ulong)options.Seed);
        foreach ((string key, string text) in notes)
        {
            trainer.Notes[key] = text;
        }

        var best = new BestWeights(net, folder.Best, result => result.Loss, notes);
        if (options.Resume)
        {
            best.Resume(trainer, validation, cancellation);
            Checkpoint.Load(trainer, training, folder.Checkpoint, "another text or other --batch, --steps or --seed");
            time.Keep(trainer.Notes, options.Time);
        }

        using MetricsWriter metrics = options.Resume
            ? MetricsWriter.Resume(folder.Metrics, trainer.Steps, without: TestKind)
            : MetricsWriter.Create(folder.Metrics);
        using TensorBoardWriter board = options.Resume
            ? TensorBoardWriter.Resume(folder.Path, trainer.Steps, without: TestKind)
            : TensorBoardWriter.Create(folder.Path);
        Fit(trainer, training, validation, best, metrics, board, cancellation);
        best.Restore(trainer, validation, "Train anew with a lower --rate and another --out.", cancellation);
        double result = Bits(trainer.Evaluate(test, cancellation).Loss);
        metrics.Write(TestKind, trainer.Steps, ("bits", result));
        board.Write(TestKind, trainer.Steps, ("bits", result));
        net.Save(folder.Model, notes);
        Summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{net.GetType().Name}: {net.ParameterCount:N0} parameters, validation {Bits(best.Lowest):0.000}, test {result:0.000} "
            + $"bits per character");
    }

    /// <summary>Where training is, in one line.</summary>
    /// <param name="report">As the trainer says it.</param>
    /// <param name="options">What the command line asks for.</param>
    public static string ProgressLine(TrainingReport report, Options options) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {report.Epoch}{(options.Time is null ? $"/{report.Epochs}" : "")}  loss {report.Loss:0.000}  {Bits(report.Loss):0.000} bits  "
        + $"{report.ExamplesPerSecond * options.Steps:N0} characters/s  {TrainingProgress.Duration(report.Left)} left");

    private static double Bits(double nats) => nats / Math.Log(2);

    private Schedule Rate(int batchesPerEpoch) => options.FinalRate.Equals(options.Rate)
        ? options.Rate
        : Schedule.Cosine(options.Rate, (long)options.Epochs * batchesPerEpoch, options.FinalRate);

    private TextWindows Windows(int[] text, int rows, int steps, bool keepRemainder) => new(
        text, rows, steps, new TextWindowOptions { States = net.NewState, KeepRemainder = keepRemainder });

    private void Fit(
        Trainer trainer,
        TextWindows training,
        TextWindows validation,
        BestWeights best,
        MetricsWriter metrics,
        TensorBoardWriter board,
        CancellationToken cancellation)
    {
        TrainingProgress shown = TrainingProgress.ForConsole(text: report => ProgressLine(report, options));
        TimeSpan? left = time.Left(options.Time);
        trainer.Fit(
            training,
            new FitOptions
            {
                // Where no time is left, an epoch whose evaluation was interrupted is evaluated, but no step taken.
                Epochs = left <= TimeSpan.Zero ? training.Position.Epoch : options.Epochs,
                TimeLimit = left,
                Validation = validation,
                Progress = time.Counting(shown, () => time.Keep(trainer.Notes, options.Time)),
                Metrics = metrics,
                TensorBoard = board,
                CheckpointPath = folder.Checkpoint,
                EpochEnded = report =>
                {
                    time.Keep(trainer.Notes, options.Time);
                    best.Consider(report.Validation!);
                    ReadOnlySpan<(string, double)> values =
                    [
                        ("bits", Bits(report.Validation!.Loss)), ("characters_per_second", report.ExamplesPerSecond * options.Steps),
                    ];
                    metrics.Write("validation", trainer.Steps, values);
                    board.Write("validation", trainer.Steps, values);
                },
            },
            cancellation);
        KeepTime(trainer);
    }

    /// <summary>
    /// Time can end while the last checkpoint is written: its note would leave a little, and a resumed run would take one more step. The
    /// checkpoint before weights became infinite or no numbers stays.
    /// </summary>
    private void KeepTime(Trainer trainer)
    {
        if (options.Time is not null && net.IsFinite)
        {
            time.Keep(trainer.Notes, options.Time);
            trainer.Save(folder.Checkpoint);
        }
    }
}

using System.Diagnostics;
using HyperDsl.Data;

namespace HyperDsl.Training;

/// <summary>What <see cref="Trainer.Fit"/> does besides training.</summary>
public sealed record FitOptions
{
    /// <summary>Epochs in all, counting those before a resumed checkpoint.</summary>
    public required long Epochs { get; init; }

    /// <summary>Ends the run after so much time, in the middle of an epoch if need be; null for no bound.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Evaluated after each epoch.</summary>
    public BatchSource? Validation { get; init; }

    /// <summary>Shows where training is.</summary>
    public TrainingProgress Progress { get; init; } = TrainingProgress.None;

    /// <summary>Receives a line every <see cref="MetricsEvery"/> steps and after each epoch.</summary>
    public MetricsWriter? Metrics { get; init; }

    /// <summary>Steps between two lines of metrics; 0 for none but the epochs'.</summary>
    public int MetricsEvery { get; init; } = 10;

    /// <summary>Receives the same as <see cref="Metrics"/>, for TensorBoard.</summary>
    public TensorBoardWriter? TensorBoard { get; init; }

    /// <summary>
    /// Where a checkpoint is written after each epoch and when training is cancelled. One that is there stays as it is where the epoch's
    /// validation loss is no number or a parameter not finite, so that what trained well is not lost.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Called after each epoch, before its checkpoint.</summary>
    public Action<EpochReport>? EpochEnded { get; init; }
}

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Steps">Steps of training so far.</param>
/// <param name="Loss">
/// The mean loss of the epoch's steps so far. Those before a checkpoint of <see cref="Trainer.Fit"/> count, so it is that of a run that was
/// not interrupted.
/// </param>
/// <param name="Validation">The validation's result.</param>
/// <param name="ExamplesPerSecond">Training speed since the start of this run.</param>
/// <param name="Elapsed">Time since the start of this run, validation included.</param>
public sealed record EpochReport(
    long Epoch, long Steps, double Loss, EvaluationResult? Validation, double ExamplesPerSecond, TimeSpan Elapsed);

/// <content>Whole runs.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Trains until <see cref="FitOptions.Epochs"/> epochs are complete, or <see cref="FitOptions.TimeLimit"/> is over, but one step at
    /// least, from the position of <paramref name="batches"/> on. To resume, set <see cref="Data"/>, call <see cref="Load"/>, then this.
    /// An epoch whose evaluation was interrupted is evaluated and reported first, which then stands for the one step.
    /// </summary>
    /// <param name="batches">The training examples.</param>
    /// <param name="options">How long, and what else to do.</param>
    /// <param name="cancellation">
    /// Stops after the step or the batch of the evaluation in progress; a checkpoint is written before, if there is a path for it.
    /// </param>
    /// <returns>The last epoch's report; null if there was nothing left to do.</returns>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    /// <exception cref="NonFiniteLossException">A step's loss was not finite.</exception>
    /// <exception cref="NonFiniteGradientException">The norm of a step's gradients was not finite.</exception>
    public EpochReport? Fit(BatchSource batches, FitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(options);
        Data = batches;
        if (running.Place != batches.Position)
        {
            running = default;
        }

        EpochReport? last = null;
        long done = (batches.Position.Epoch * batches.BatchesPerEpoch) + batches.Position.Batch;
        long total = options.Epochs * batches.BatchesPerEpoch;
        if (done >= total && !running.Unreported)
        {
            return null;
        }

        options.Progress.Run(done, total, report =>
        {
            var pace = new Pace(done, total, options.TimeLimit);
            while (running.Unreported || (batches.Position.Epoch < options.Epochs && (last is null || !pace.Over)))
            {
                if (!running.Unreported)
                {
                    RunEpoch(batches, options, pace, report, cancellation);
                }

                last = EndEpoch(options, pace, cancellation);
                options.EpochEnded?.Invoke(last);
                if (last.Validation is not { Loss: double.NaN })
                {
                    Checkpoint(options);
                }
            }
        });
        return last;
    }

    private void RunEpoch(
        BatchSource batches, FitOptions options, Pace pace, Action<TrainingReport> report, CancellationToken cancellation)
    {
        long epoch = batches.Position.Epoch;
        bool stepped = false;
        while (batches.Position.Epoch == epoch && !(pace.Over && stepped))
        {
            if (cancellation.IsCancellationRequested)
            {
                Checkpoint(options);
                throw new OperationCanceledException(cancellation);
            }

            Batch batch = batches.Next();
            double loss = Step(batch);
            running = new EpochProgress(batches.Position, running.Steps + 1, running.Loss + loss, Unreported: false);
            stepped = true;
            pace.Stepped(batch.Count);
            report(pace.Report(epoch + 1, options.Epochs, loss, epochEnded: batches.Position.Epoch != epoch || pace.Over));
            if (options.MetricsEvery > 0 && Steps % options.MetricsEvery == 0)
            {
                Measure(options, "step", ("loss", loss), ("rate", Optimizer.Rate.At(Steps - 1)));
            }
        }

        running = running with { Unreported = true };
    }

    private EpochReport EndEpoch(FitOptions options, Pace pace, CancellationToken cancellation)
    {
        long epoch = running.Epoch;
        double loss = running.Loss / running.Steps;
        pace.Pause();
        EvaluationResult? validation = options.Validation is null
            ? null
            : EvaluateEpoch(options, options.Validation, cancellation);
        pace.Continue();
        var report = new EpochReport(epoch + 1, Steps, loss, validation, pace.ExamplesPerSecond, pace.Elapsed);
        List<(string, double)> values =
        [
            ("epoch", epoch + 1),
            ("loss", loss),
            ("examples_per_second", report.ExamplesPerSecond),
            ("seconds", report.Elapsed.TotalSeconds),
        ];
        if (validation is not null)
        {
            values.AddRange([("validation_loss", validation.Loss), ("validation_error", validation.Error)]);
        }

        Measure(options, "epoch", [.. values]);

        // An epoch that time ended goes on in a later run, and then counts these steps too.
        running = running.Place.Batch == 0 ? default : running with { Unreported = false };
        return report;
    }

    private void Measure(FitOptions options, string kind, params ReadOnlySpan<(string Name, double Value)> values)
    {
        options.Metrics?.Write(kind, Steps, values);
        options.TensorBoard?.Write(kind, Steps, values);
    }

    private EvaluationResult EvaluateEpoch(FitOptions options, BatchSource validation, CancellationToken cancellation)
    {
        try
        {
            return Evaluate(validation, cancellation);
        }
        catch (OperationCanceledException)
        {
            Checkpoint(options);
            throw;
        }
    }

    private void Checkpoint(FitOptions options)
    {
        // Squares of floats cannot overflow a double: their sum is finite where all parameters are.
        if (options.CheckpointPath is string path && double.IsFinite(Clipping.SumOfSquares(target.Parameters.ReadOnlyValues)))
        {
            Save(path);
        }
    }

    /// <summary>Measures a run.</summary>
    private sealed class Pace(long start, long total, TimeSpan? limit)
    {
        private readonly Stopwatch whole = Stopwatch.StartNew();
        private readonly Stopwatch training = Stopwatch.StartNew();
        private long examples;
        private long steps;

        public TimeSpan Elapsed => whole.Elapsed;

        public bool Over => whole.Elapsed >= limit;

        public double ExamplesPerSecond => examples / Math.Max(training.Elapsed.TotalSeconds, 1e-9);

        public void Stepped(int count)
        {
            examples += count;
            steps++;
        }

        public void Pause() => training.Stop();

        public void Continue() => training.Start();

        public TrainingReport Report(long epoch, long epochs, double loss, bool epochEnded)
        {
            TimeSpan elapsed = whole.Elapsed;
            long done = start + steps;
            TimeSpan left = elapsed * ((total - done) / (double)steps);
            long last = total;
            if (limit is TimeSpan bound && elapsed + left > bound)
            {
                left = bound > elapsed ? bound - elapsed : TimeSpan.Zero;
                last = done + (long)(steps * (left / elapsed));
            }

            return new TrainingReport(done, last, epoch, epochs, loss, ExamplesPerSecond, left, epochEnded);
        }
    }
}

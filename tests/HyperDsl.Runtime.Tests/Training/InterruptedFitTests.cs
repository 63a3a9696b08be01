using System.Text.Json;
using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Tests.Data;
using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

/// <summary>A fit that is cancelled anywhere and goes on later tells what one tells that was never interrupted.</summary>
public sealed class InterruptedFitTests : IDisposable
{
    private const int Epochs = 3;
    private const int StepsPerEpoch = 6;
    private const int ValidationBatches = 3;
    private static readonly LabelledImages Images = ImageBatchesTests.MakeImages(50);
    private readonly TemporaryFolder folder = new();

    private string CheckpointPath => folder.File("checkpoint");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, ValidationBatches)]
    [InlineData(2, 2)]
    [InlineData(Epochs, 1)]
    [InlineData(Epochs, 2)]
    public void Interrupted_in_an_evaluation(int epoch, int batch)
    {
        using Run whole = Start("whole");
        whole.Fit();
        List<EpochReport> before;
        using (Run first = Start("parts"))
        {
            first.Validation.CancelAt = ((epoch - 1) * ValidationBatches) + batch;
            Assert.True(first.WasCancelled());
            Assert.Equal(epoch * StepsPerEpoch, first.Trainer.Steps);
            before = first.Reports;
        }

        using Run second = Resume();
        second.Fit();
        SameReports(whole, second, before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(StepsPerEpoch - 1)]
    [InlineData(StepsPerEpoch)]
    [InlineData((2 * StepsPerEpoch) + 4)]
    [InlineData(Epochs * StepsPerEpoch)]
    public void Interrupted_after_a_step(int step)
    {
        using Run whole = Start("whole");
        whole.Fit();
        List<EpochReport> before;
        using (Run first = Start("parts"))
        {
            first.CancelAtStep = step;
            Assert.True(first.WasCancelled());
            Assert.Equal(step, first.Trainer.Steps);
            before = first.Reports;
        }

        using Run second = Resume();
        second.Fit();
        SameReports(whole, second, before);
    }

    [Fact]
    public void Interrupted_twice_in_one_epoch_and_going_on_in_the_same_process()
    {
        using Run whole = Start("whole");
        whole.Fit();
        using Run parts = Start("parts");
        foreach (int step in (int[])[2, 5])
        {
            parts.CancelAtStep = step;
            Assert.True(parts.WasCancelled());
        }

        parts.Validation.CancelAt = 1;
        Assert.True(parts.WasCancelled());
        parts.Fit();
        SameReports(whole, parts, []);
    }

    [Fact]
    public void An_epoch_that_time_ended_again_and_again_is_reported_with_all_its_steps()
    {
        using Run whole = Start("whole");
        whole.Fit();
        using Run parts = Start("parts");
        parts.TimeLimit = TimeSpan.FromTicks(1);
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            parts.Fit();
        }

        Assert.Equal(Enumerable.Range(1, StepsPerEpoch).Select(step => (1L, (long)step)), parts.Reports.Select(report => (report.Epoch, report.Steps)));
        Assert.Equal(whole.Reports[0].Loss, parts.Reports[^1].Loss);
    }

    [Fact]
    public void A_checkpoint_without_the_losses_of_its_epoch_begins_to_count_anew()
    {
        using (Run first = Start("parts"))
        {
            first.CancelAtStep = StepsPerEpoch + 2;
            Assert.True(first.WasCancelled());
        }

        Rewrite(metadata => metadata.Where(text => !text.Key.StartsWith("epoch.", StringComparison.Ordinal)));
        using Run second = Resume();
        double[] losses = [.. second.StepLosses(StepsPerEpoch - 2)];
        using Run third = Resume();
        third.Fit();
        Assert.Equal(losses.Sum() / losses.Length, third.Reports[0].Loss);
    }

    [Theory]
    [InlineData("epoch.steps", "0")]
    [InlineData("epoch.steps", "3")]
    [InlineData("epoch.loss", "NaN")]
    [InlineData("epoch.unreported", "2")]
    public void Faulty_texts_are_refused_and_change_nothing(string key, string text)
    {
        using (Run first = Start("parts"))
        {
            first.CancelAtStep = StepsPerEpoch + 2;
            Assert.True(first.WasCancelled());
        }

        Rewrite(metadata => metadata.Select(item => item.Key == key ? new(key, text) : item));
        using Run second = Start("other");
        FileFormatException fault = Assert.Throws<FileFormatException>(() => second.Trainer.Load(CheckpointPath));
        Assert.Contains($"'{text}' as '{key}'", fault.Message, StringComparison.Ordinal);
        Assert.Equal((0L, default(DataPosition)), (second.Trainer.Steps, second.Batches.Position));
    }

    private void Rewrite(Func<IEnumerable<KeyValuePair<string, string>>, IEnumerable<KeyValuePair<string, string>>> change)
    {
        var writer = new SafeTensorsWriter();
        using (SafeTensorsFile file = SafeTensorsFile.Open(CheckpointPath))
        {
            foreach ((string name, StoredTensor tensor) in file.Tensors)
            {
                float[] values = new float[ShapeRules.Count(tensor.Shape)];
                file.Read<float>(name, values);
                writer.Add<float>(name, tensor.Shape, values);
            }

            foreach ((string key, string text) in change(file.Metadata))
            {
                writer.Metadata[key] = text;
            }
        }

        writer.Save(CheckpointPath);
    }

    private Run Start(string name) => new(folder.File(name + ".best"), folder.File(name + ".jsonl"), CheckpointPath, resumed: false);

    private Run Resume()
    {
        var run = new Run(folder.File("parts.best"), folder.File("parts.jsonl"), CheckpointPath, resumed: true);
        run.Trainer.Load(CheckpointPath);
        return run;
    }

    private static void SameReports(Run whole, Run parts, List<EpochReport> before)
    {
        Assert.Equal(Bits(whole.Model), Bits(parts.Model));
        Assert.Equal(File.ReadAllBytes(whole.Best), File.ReadAllBytes(parts.Best));
        Assert.Equal(Told(whole.Reports), Told([.. before, .. parts.Reports]));
        Assert.Equal(Measured(whole), Measured(parts));

        static IEnumerable<(long, long, double, EvaluationResult?)> Told(List<EpochReport> reports) =>
            reports.Select(report => (report.Epoch, report.Steps, report.Loss, report.Validation));
    }

    /// <summary>All that was measured but times.</summary>
    private static string[] Measured(Run run) => [.. File.ReadLines(run.MetricsPath).Select(line => string.Join(
        ' ',
        JsonDocument.Parse(line).RootElement.EnumerateObject()
            .Where(item => item.Name is not ("seconds" or "examples_per_second"))
            .Select(item => item.ToString())))];

    private static int[] Bits(QuadraticModel model) =>
        [.. model.Parameters.Values.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed class Run : IDisposable
    {
        private readonly string checkpoint;
        private readonly bool resumed;
        private CancellationTokenSource? current;

        public Run(string best, string metrics, string checkpoint, bool resumed)
        {
            (Best, MetricsPath, this.checkpoint, this.resumed) = (best, metrics, checkpoint, resumed);
            Batches = new ImageBatches(Images, 8, new ImageBatchOptions { Seed = 3 });
            Trainer = new Trainer(Model, new Adam(Schedule.Exponential(0.05, 0.99, 1e-3)), seed: 7) { Data = Batches };
            Validation = new CancellingSource(new ImageBatches(Images, 20, ImageBatchOptions.Evaluation), () => current!.Cancel());
        }

        public QuadraticModel Model { get; } = new(16);

        public Trainer Trainer { get; }

        public ImageBatches Batches { get; }

        public CancellingSource Validation { get; }

        public List<EpochReport> Reports { get; } = [];

        public string Best { get; }

        public string MetricsPath { get; }

        public long CancelAtStep { get; set; }

        public TimeSpan? TimeLimit { get; set; }

        public IEnumerable<double> StepLosses(int count) => Enumerable.Range(0, count).Select(_ => Trainer.Step(Batches.Next()));

        public bool WasCancelled()
        {
            try
            {
                Fit();
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }

        public void Fit()
        {
            using var cancellation = new CancellationTokenSource();
            current = cancellation;
            using MetricsWriter metrics = resumed || File.Exists(MetricsPath)
                ? MetricsWriter.Resume(MetricsPath, Trainer.Steps)
                : MetricsWriter.Create(MetricsPath);
            var options = new FitOptions
            {
                Epochs = Epochs,
                TimeLimit = TimeLimit,
                Validation = Validation,
                Metrics = metrics,
                MetricsEvery = 4,
                CheckpointPath = checkpoint,
                Progress = new EachStep(report =>
                {
                    if (report.Done == CancelAtStep)
                    {
                        cancellation.Cancel();
                    }
                }),
                EpochEnded = Consider,
            };
            Trainer.Fit(Batches, options, cancellation.Token);
        }

        public void Dispose()
        {
            Batches.Dispose();
            Validation.Dispose();
        }

        private void Consider(EpochReport report)
        {
            Reports.Add(report);
            string measured = Best + ".measure";
            double lowest = File.Exists(measured) ? BitConverter.ToDouble(File.ReadAllBytes(measured)) : double.PositiveInfinity;
            if (report.Validation!.Loss < lowest)
            {
                File.WriteAllBytes(measured, BitConverter.GetBytes(report.Validation.Loss));
                ParameterFile.Save(Model.Parameters, Best);
            }
        }
    }

    private sealed class EachStep(Action<TrainingReport> stepped) : TrainingProgress
    {
        public override void Run(long done, long total, Action<Action<TrainingReport>> training) => training(stepped);
    }
}

using System.Text.Json;
using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Tests.Data;
using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly LabelledImages Images = ImageBatchesTests.MakeImages(50);
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Optimizers => ["sgd", "adam", "rmsprop"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_resumed_run_is_bit_for_bit_the_uninterrupted_one(string optimizer)
    {
        const int Half = 11; // not at an epoch's end
        Run whole = Start(optimizer);
        List<double> expected = [.. whole.Steps(2 * Half)];

        Run first = Start(optimizer);
        List<double> losses = [.. first.Steps(Half)];
        first.Trainer.Save(folder.File("half.safetensors"));
        first.Dispose();

        Run second = Start(optimizer, seed: 999);
        second.Steps(3).ToList();
        second.Trainer.Load(folder.File("half.safetensors"));
        Assert.Equal((Half, 7ul), (second.Trainer.Steps, second.Trainer.Seed));
        losses.AddRange(second.Steps(Half));

        Assert.Equal(expected, losses);
        Assert.Equal(Bits(whole.Model.Parameters.Values), Bits(second.Model.Parameters.Values));
        whole.Trainer.Save(folder.File("a"));
        second.Trainer.Save(folder.File("b"));
        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
        whole.Dispose();
        second.Dispose();
    }

    [Fact]
    public void Training_lowers_the_loss_and_spares_what_is_not_trained()
    {
        using Run run = Start("adam");
        run.Model.Parameters["running"][0] = 5;
        List<double> losses = [.. run.Steps(200)];
        Assert.True(losses[^6..].Average() < losses[..6].Average() / 2);
        double mean = losses.Aggregate(5.0, (average, loss) => (0.9 * average) + (0.1 * loss));
        Assert.Equal(mean, run.Model.Parameters["running"][0], 200 * 4 * Math.Pow(2, -24) * losses.Max());
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_and_changes_nothing()
    {
        using (Run other = Start("adam"))
        {
            other.Steps(2).ToList();
            var writer = new SafeTensorsWriter();
            writer.Add<float>("weights", [4], new float[4]);
            writer.Add<float>("bias", [], new float[1]);
            writer.Add<float>("stranger", [1], new float[1]);
            writer.Save(folder.File("other"));
            ModelMismatchException mismatch = Assert.Throws<ModelMismatchException>(
                () => ParameterFile.Load(other.Model.Parameters, folder.File("other")));
            Assert.Equal(["running"], mismatch.Missing);
            Assert.Equal(["stranger"], mismatch.Unexpected);
            Assert.Equal(["weights (F32 [4] in the file, F32 [16] in the model)"], mismatch.Misshaped);
            Assert.Contains("stranger", mismatch.Message, StringComparison.Ordinal);
        }

        using Run run = Start("adam");
        run.Steps(2).ToList();
        run.Trainer.Save(folder.File("good"));
        byte[] good = File.ReadAllBytes(folder.File("good"));
        run.Steps(2).ToList();
        int[] before = Bits(run.Model.Parameters.Values);
        folder.File("cut", good[..^1]);
        Assert.Throws<FileFormatException>(() => run.Trainer.Load(folder.File("cut")));
        Assert.Throws<FileFormatException>(() => run.Trainer.Load(folder.File("other")));
        ParameterFile.Save(run.Model.Parameters, folder.File("weights"));
        Assert.Throws<FileFormatException>(() => run.Trainer.Load(folder.File("weights")));
        run.Trainer.Data = new ImageBatches(Images, 5);
        Assert.Throws<InvalidOperationException>(() => run.Trainer.Load(folder.File("good")));
        Assert.Equal(before, Bits(run.Model.Parameters.Values));
        Assert.Equal(4, run.Trainer.Steps);

        using Run sgd = Start("sgd");
        FileFormatException kind = Assert.Throws<FileFormatException>(() => sgd.Trainer.Load(folder.File("good")));
        Assert.Contains("'adam'", kind.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_read_from_weights_and_from_checkpoints()
    {
        using Run run = Start("adam");
        run.Steps(5).ToList();
        run.Trainer.Save(folder.File("checkpoint"));
        ParameterFile.Save(run.Model.Parameters, folder.File("weights"));
        foreach (string name in (string[])["checkpoint", "weights"])
        {
            var fresh = new QuadraticModel(16);
            long version = fresh.Parameters.Version;
            ParameterFile.Load(fresh.Parameters, folder.File(name));
            Assert.Equal(Bits(run.Model.Parameters.Values), Bits(fresh.Parameters.Values));
            Assert.NotEqual(version, fresh.Parameters.Version);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_stops_before_the_optimiser(double loss)
    {
        using Run run = Start("adam");
        run.Steps(3).ToList();
        float[] before = [.. run.Model.Parameters["weights"]];
        run.Model.Forced = loss;
        NonFiniteLossException fault = Assert.Throws<NonFiniteLossException>(() => run.Trainer.Step(run.Batches.Next()));
        Assert.Equal((4, "Loss"), (fault.Step, fault.Entry));
        Assert.Contains("Step 4", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, run.Model.Parameters["weights"].ToArray());
        Assert.Equal(3, run.Trainer.Steps);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_gradient_that_is_not_finite_stops_before_the_optimiser(float element)
    {
        using Run run = Start("sgd");
        run.Steps(3).ToList();
        float[] weights = [.. run.Model.Parameters["weights"]];
        float[] momentum = [.. run.Trainer.Optimizer.Buffers[0].Values];
        run.Model.ForcedGradient = element;
        NonFiniteGradientException fault = Assert.Throws<NonFiniteGradientException>(() => run.Trainer.Step(run.Batches.Next()));
        Assert.Equal(4, fault.Step);
        Assert.False(double.IsFinite(fault.Norm));
        Assert.Contains("Step 4: the norm of the gradients is ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(weights, run.Model.Parameters["weights"].ToArray());
        Assert.Equal(momentum, run.Trainer.Optimizer.Buffers[0].Values);
        Assert.Equal(3, run.Trainer.Steps);
        run.Model.ForcedGradient = null;
        Assert.True(double.IsFinite(run.Trainer.Step(run.Batches.Next())));
    }

    [Fact]
    public void What_is_not_finite_leaves_the_checkpoint_as_it_is()
    {
        using Run run = Start("sgd");
        using var validation = new ImageBatches(Images, 20, ImageBatchOptions.Evaluation);
        FitOptions options = new() { Epochs = 1, Validation = validation, CheckpointPath = folder.File("checkpoint") };
        run.Trainer.Fit(run.Batches, options);
        byte[] good = File.ReadAllBytes(folder.File("checkpoint"));

        run.Model.ForcedEvaluation = double.NaN;
        Assert.Equal(double.NaN, run.Trainer.Fit(run.Batches, options with { Epochs = 2 })!.Validation!.Loss);
        Assert.Equal(good, File.ReadAllBytes(folder.File("checkpoint")));

        float before = run.Model.Parameters["weights"][0];
        run.Model.Parameters["weights"][0] = float.PositiveInfinity;
        Assert.Throws<OperationCanceledException>(
            () => run.Trainer.Fit(run.Batches, options with { Epochs = 3 }, new CancellationToken(canceled: true)));
        Assert.Equal(good, File.ReadAllBytes(folder.File("checkpoint")));

        (run.Model.Parameters["weights"][0], run.Model.ForcedEvaluation) = (before, null);
        run.Trainer.Fit(run.Batches, options with { Epochs = 3 });
        Assert.NotEqual(good, File.ReadAllBytes(folder.File("checkpoint")));
    }

    [Fact]
    public void Evaluation_weighs_examples_not_batches()
    {
        using Run run = Start("adam");
        using var all = new ImageBatches(Images, 50, ImageBatchOptions.Evaluation);
        using var parts = new ImageBatches(Images, 8, ImageBatchOptions.Evaluation);
        EvaluationResult once = run.Trainer.Evaluate(all);
        EvaluationResult pieces = run.Trainer.Evaluate(parts);
        Assert.Equal(50, pieces.Examples);
        Assert.Equal(once.Error, pieces.Error);
        Assert.InRange(once.Error, 0.5, 1);
        Assert.Equal(once.Loss, pieces.Loss, 100 * Math.Pow(2, -53) * once.Loss);
        Assert.Equal(pieces, run.Trainer.Evaluate(parts));
    }

    [Fact]
    public void A_fit_reports_measures_and_saves()
    {
        using Run run = Start("adam");
        using var validation = new ImageBatches(Images, 20, ImageBatchOptions.Evaluation);
        var lines = new StringWriter();
        List<EpochReport> epochs = [];
        EpochReport? last;
        using (MetricsWriter metrics = MetricsWriter.Create(folder.File("metrics.jsonl")))
        {
            last = run.Trainer.Fit(run.Batches, new FitOptions
            {
                Epochs = 3,
                Validation = validation,
                Progress = TrainingProgress.ForWriter(lines),
                Metrics = metrics,
                MetricsEvery = 4,
                CheckpointPath = folder.File("checkpoint"),
                EpochEnded = epochs.Add,
            });
        }

        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.Epoch));
        Assert.Same(epochs[^1], last);
        Assert.Equal(18, last!.Steps);
        Assert.Equal(run.Trainer.Evaluate(validation), last.Validation);
        Assert.Equal(3, lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("epoch 2/3  loss ", lines.ToString(), StringComparison.Ordinal);
        string[] metricLines = File.ReadAllLines(folder.File("metrics.jsonl"));
        Assert.Equal(
            [4, 6, 8, 12, 12, 16, 18],
            metricLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
        Assert.Equal(
            last.Validation!.Loss, JsonDocument.Parse(metricLines[^1]).RootElement.GetProperty("validation_loss").GetDouble());
        Assert.Null(run.Trainer.Fit(run.Batches, new FitOptions { Epochs = 3 }));
    }

    [Fact]
    public void A_cancelled_fit_leaves_a_checkpoint_from_which_it_goes_on()
    {
        using Run whole = Start("adam");
        whole.Trainer.Fit(whole.Batches, new FitOptions { Epochs = 4 });

        using Run cancelled = Start("adam");
        using var source = new CancellationTokenSource();
        FitOptions options = new() { Epochs = 4, CheckpointPath = folder.File("checkpoint"), Progress = new CancelAt(9, source) };
        Assert.Throws<OperationCanceledException>(() => cancelled.Trainer.Fit(cancelled.Batches, options, source.Token));
        Assert.Equal(9, cancelled.Trainer.Steps);

        using Run resumed = Start("adam");
        resumed.Trainer.Load(folder.File("checkpoint"));
        Assert.Equal(new DataPosition(1, 3), resumed.Batches.Position);
        resumed.Trainer.Fit(resumed.Batches, new FitOptions { Epochs = 4 });
        Assert.Equal(24, resumed.Trainer.Steps);
        Assert.Equal(Bits(whole.Model.Parameters.Values), Bits(resumed.Model.Parameters.Values));
    }

    [Fact]
    public void Evaluation_can_be_cancelled()
    {
        using Run run = Start("adam");
        Assert.Throws<OperationCanceledException>(() => run.Trainer.Evaluate(run.Batches, new CancellationToken(canceled: true)));
    }

    private static Run Start(string optimizer, ulong seed = 7)
    {
        var model = new QuadraticModel(16);
        Optimizer made = optimizer switch
        {
            "sgd" => new Sgd(0.01, momentum: 0.9) { ClipNorm = 5 },
            "adam" => new Adam(Schedule.Exponential(0.05, 0.99, 1e-3)),
            _ => RmsProp.Graves(0.01),
        };
        var batches = new ImageBatches(
            Images, 8, new ImageBatchOptions { Seed = 3, Augmentation = new InsertAndCrop(), Prefetch = true });
        var trainer = new Trainer(model, made, seed) { Data = batches };
        return new Run(model, trainer, batches);
    }

    private static int[] Bits(ReadOnlySpan<float> values) => [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed record Run(QuadraticModel Model, Trainer Trainer, ImageBatches Batches) : IDisposable
    {
        public IEnumerable<double> Steps(int count)
        {
            for (int step = 0; step < count; step++)
            {
                yield return Trainer.Step(Batches.Next());
            }
        }

        public void Dispose() => Batches.Dispose();
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : TrainingProgress
    {
        public override void Run(long done, long total, Action<Action<TrainingReport>> training) => training(report =>
        {
            if (report.Done == step)
            {
                source.Cancel();
            }
        });
    }
}

using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

/// <summary>Training a <see cref="Model"/> through its compiled entries.</summary>
public sealed class ModelTrainingTests : IDisposable
{
    private const int Classes = 4;
    private static readonly LabelledImages Images = Stripes(100);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_learns_and_its_errors_are_counted()
    {
        (LinearModel model, Trainer trainer, ImageBatches batches) = Start(seed: 1, threads: 2);
        using var test = new ImageBatches(Images, 32, ImageBatchOptions.Evaluation);
        model.Parameters["weights"][^1] = float.NaN;
        Assert.Equal(1, trainer.Evaluate(test).Error); // no prediction counts as right that is no number
        model.Parameters["weights"].Clear();
        Assert.Equal(0.75, trainer.Evaluate(test).Error); // all scores are equal, so class 0 wins
        Assert.Equal(1, trainer.Evaluate(test).Loss);
        EpochReport? report = trainer.Fit(batches, new FitOptions { Epochs = 60, Validation = test });
        Assert.Equal(0, report!.Validation!.Error);
        Assert.True(report.Validation.Loss < 0.2);
        batches.Dispose();
    }

    [Fact]
    public void A_resumed_model_is_the_uninterrupted_one_with_any_number_of_threads()
    {
        (LinearModel whole, Trainer trainer, ImageBatches batches) = Start(seed: 1, threads: 1);
        trainer.Fit(batches, new FitOptions { Epochs = 8 });

        (_, Trainer first, ImageBatches firstBatches) = Start(seed: 1, threads: 2);
        for (int step = 0; step < 15; step++)
        {
            first.Step(firstBatches.Next());
        }

        first.Save(folder.File("checkpoint"));
        (LinearModel resumed, Trainer second, ImageBatches secondBatches) = Start(seed: 5, threads: 3);
        second.Load(folder.File("checkpoint"));
        second.Fit(secondBatches, new FitOptions { Epochs = 8 });
        Assert.Equal(whole.Parameters["weights"].ToArray(), resumed.Parameters["weights"].ToArray());
        Assert.NotEqual(0, whole.Parameters["weights"][0]);
    }

    [Fact]
    public void A_step_with_everything_allocates_nothing()
    {
        (_, Trainer trainer, ImageBatches batches) = Start(seed: 1, threads: 2);
        for (int step = 0; step < 3; step++)
        {
            trainer.Step(batches.Next());
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 10; step++)
        {
            trainer.Step(batches.Next());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Weights_survive_a_file_and_other_files_are_refused()
    {
        (LinearModel model, Trainer trainer, ImageBatches batches) = Start(seed: 1, threads: 1);
        trainer.Step(batches.Next());
        long version = model.Parameters.Version;
        model.Save(folder.File("model"));
        Assert.Equal(version, model.Parameters.Version);
        var loaded = new LinearModel(16, Classes);
        loaded.Load(folder.File("model"));
        Assert.Equal(model.Parameters["weights"].ToArray(), loaded.Parameters["weights"].ToArray());

        var other = new LinearModel(16, Classes + 1);
        ModelMismatchException mismatch = Assert.Throws<ModelMismatchException>(() => other.Load(folder.File("model")));
        Assert.Contains(
            "weights (F32 [4, 16] in the file, F32 [5, 16] in the model)", mismatch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_are_chosen_by_name_or_because_there_is_one()
    {
        var model = new LinearModel(16, Classes);
        Assert.Contains(
            "Loss",
            Assert.Throws<ArgumentException>(() => new Trainer(model, new Sgd(1), loss: "Other")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Trainer(model, new Sgd(1), loss: "Scores"));
        Assert.Throws<ArgumentException>(() => new Trainer(model, new Sgd(1), prediction: "Halves"));
        using var test = new ImageBatches(Images, 32, ImageBatchOptions.Evaluation);
        Assert.Equal(0.75, new Trainer(model, new Sgd(1), loss: "Loss", prediction: "Scores").Evaluate(test).Error);
    }

    private static (LinearModel, Trainer, ImageBatches) Start(ulong seed, int threads)
    {
        var model = new LinearModel(16, Classes) { Threads = threads };
        var batches = new ImageBatches(Images, 24, new ImageBatchOptions { Seed = 2, Augmentation = new PadCropMirror(0) });
        return (model, new Trainer(model, new Adam(0.01) { ClipNorm = 10 }, seed) { Data = batches }, batches);
    }

    /// <summary>Images of 4×4 pixels with a bright row that is the class.</summary>
    private static LabelledImages Stripes(int count)
    {
        var random = new Random(4);
        byte[] pixels = new byte[count * 16];
        int[] labels = new int[count];
        for (int index = 0; index < count; index++)
        {
            labels[index] = index % Classes;
            for (int pixel = 0; pixel < 16; pixel++)
            {
                pixels[(index * 16) + pixel] = (byte)(random.Next(60) + (pixel / 4 == labels[index] ? 150 : 0));
            }
        }

        return new LabelledImages(4, 4, 1, Classes, pixels, labels);
    }
}

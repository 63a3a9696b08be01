using System.Buffers.Binary;
using System.Globalization;
using HyperDsl.Data;
using HyperDsl.Training;

namespace HyperDsl.Models;

/// <summary>The run in docs/training.md works as it stands there.</summary>
public sealed class TrainingGuideTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hyperdsl-guide-");

    public TrainingGuideTests()
    {
        Directory.CreateDirectory(File("mnist"));
        Write("train", 40);
        Write("t10k", 10);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_run_goes_on_where_it_was_and_is_deployed()
    {
        float[] onePicture = [.. Enumerable.Range(0, 28 * 28).Select(i => i % 7 / 7f)];
        Digits whole = Run(epochs: 4);
        System.IO.File.Delete(File("checkpoint.safetensors"));
        Run(epochs: 2);
        Digits resumed = Run(epochs: 4);
        Assert.Equal(whole.Parameters.ReadOnlyValues.ToArray(), resumed.Parameters.ReadOnlyValues.ToArray());

        BakedModel deployed = new Digits().LoadBaked("Logits", File("deployed.safetensors"));
        float[] logits = deployed.Predict(new Batch(1).Add("image", onePicture));
        Assert.Equal(resumed.Predict("Logits", new Batch(1).Add("image", onePicture)), logits);
    }

    /// <summary>The text of the page, with smaller numbers and names of files in the test's folder.</summary>
    private Digits Run(long epochs)
    {
        (LabelledImages train, LabelledImages test) = IdxReader.ReadFolder(File("mnist"));
        (LabelledImages held, LabelledImages rest) = train.Split(10);
        using var training = new ImageBatches(rest, size: 10, new ImageBatchOptions { Seed = 1, LabelInput = "digit", Prefetch = true });
        using var validation = new ImageBatches(held, size: 10, ImageBatchOptions.Evaluation with { LabelInput = "digit" });
        using var testing = new ImageBatches(test, size: 10, ImageBatchOptions.Evaluation with { LabelInput = "digit" });

        var model = new Digits { Threads = 2 };
        model.Initialise(seed: 1);
        var rate = Schedule.Cosine(1e-3, steps: 10 * training.BatchesPerEpoch).WithWarmUp(3);
        var trainer = new Trainer(model, new Adam(rate) { ClipNorm = 1 }, seed: 1) { Data = training };
        double best = double.PositiveInfinity;
        if (System.IO.File.Exists(File("checkpoint.safetensors")))
        {
            trainer.Load(File("checkpoint.safetensors"));
            best = double.Parse(ModelFile.ReadNotes(File("checkpoint.safetensors"))["best"], CultureInfo.InvariantCulture);
        }

        trainer.Notes["best"] = best.ToString("R", CultureInfo.InvariantCulture);
        trainer.Fit(training, new FitOptions
        {
            Epochs = epochs,
            Validation = validation,
            Progress = TrainingProgress.None,
            CheckpointPath = File("checkpoint.safetensors"),
            EpochEnded = report =>
            {
                if (report.Validation!.Loss < best)
                {
                    best = report.Validation.Loss;
                    trainer.Notes["best"] = best.ToString("R", CultureInfo.InvariantCulture);
                    model.Save(File("best.safetensors"));
                }
            },
        });

        model.Load(File("best.safetensors"));
        Assert.InRange(trainer.Evaluate(testing).Error, 0, 1);
        model.Bake("Logits").Save(File("deployed.safetensors"));
        return model;
    }

    private string File(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Random images in MNIST's format, and their labels.</summary>
    private void Write(string part, int count)
    {
        byte[] images = new byte[16 + (count * 28 * 28)];
        byte[] labels = new byte[8 + count];
        new Random(count).NextBytes(images);
        foreach ((int place, int value) in new[] { (0, 0x803), (4, count), (8, 28), (12, 28) })
        {
            BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(place), value);
        }

        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 10);
        }

        System.IO.File.WriteAllBytes(File($"mnist/{part}-images-idx3-ubyte"), images);
        System.IO.File.WriteAllBytes(File($"mnist/{part}-labels-idx1-ubyte"), labels);
    }
}

using System.Diagnostics;
using System.Globalization;
using HyperDsl;
using HyperDsl.Data;
using HyperDsl.Execution;
using HyperDsl.Samples;
using HyperDsl.Training;

namespace StaticHyperNet;

/// <summary>Trains one of the two networks by the notebook's schedule and tests the weights that were best in validation.</summary>
/// <param name="name">plain or hyper.</param>
/// <param name="network">The network.</param>
/// <param name="options">What the command line asks for.</param>
/// <param name="data">The images.</param>
/// <param name="device">Where it runs; null for this processor.</param>
public sealed class TrainingRun(string name, DigitNet network, Options options, DigitData data, Device? device)
{
    private double testError = double.NaN;
    private TimeSpan elapsed;

    /// <summary>The network.</summary>
    public DigitNet Network => network;

    /// <summary>The result in one line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {network.ParameterCount:N0} parameters, test error {100 * testError:0.00} %, {elapsed.TotalSeconds:0} s");

    /// <summary>Trains and tests.</summary>
    /// <param name="cancellation">Stops training; the checkpoint stays.</param>
    /// <exception cref="UnfitCheckpointException">The run cannot go on from the checkpoint that is there.</exception>
    public void Run(CancellationToken cancellation)
    {
        network.Threads = options.Threads;
        network.Initialise(options.Seed);
        network.To(device);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: second kernel {network.SecondKernelParameters:N0} parameters, in all {network.ParameterCount:N0}"));

        var optimizer = new Adam(Schedule.Exponential(0.005, 0.999, floor: 1e-4)) { ClipNorm = 100 };
        var trainer = new Trainer(network, optimizer, (ulong)options.Seed);
        long begin = Stopwatch.GetTimestamp();
        Fit(trainer, cancellation);
        elapsed = Stopwatch.GetElapsedTime(begin);
        using ImageBatches test = DigitData.EvaluationBatches(data.Test);
        testError = trainer.Evaluate(test, cancellation).Error;
        if (FileOf("model.safetensors") is string path)
        {
            network.Save(path);
        }
    }

    /// <summary>Tests the deployed form, which stores the kernel that the generator makes, and keeps it.</summary>
    public void TestBaked()
    {
        BakedModel baked = network.Bake(nameof(DigitNet.Logits));
        Console.WriteLine($"{name}, baked: {Deployed.Summary(baked, data.Test)}");
        if (FileOf("baked.safetensors") is string path)
        {
            baked.Save(path);
        }
    }

    private string? FileOf(string file) => options.Out is null ? null : Path.Combine(options.Out, name, file);

    private void Fit(Trainer trainer, CancellationToken cancellation)
    {
        using ImageBatches training = data.TrainingBatches(options.Batch, options.Seed);
        using ImageBatches validation = DigitData.EvaluationBatches(data.Validation);
        var best = new BestWeights(network, FileOf("best.safetensors"), result => result.Error);
        string? checkpoint = FileOf("checkpoint.safetensors");
        if (options.Resume && File.Exists(checkpoint))
        {
            best.Resume(trainer, validation, cancellation);
            Checkpoint.Load(trainer, training, checkpoint, "other data, --batch or --seed");
        }
        else
        {
            best.Forget();
        }

        using MetricsWriter? metrics = FileOf("metrics.jsonl") is string path
            ? trainer.Steps > 0 ? MetricsWriter.Resume(path, trainer.Steps) : MetricsWriter.Create(path)
            : null;
        trainer.Fit(
            training,
            new FitOptions
            {
                Epochs = options.Epochs,
                Validation = validation,
                Progress = TrainingProgress.ForConsole(),
                Metrics = metrics,
                CheckpointPath = checkpoint,
                EpochEnded = report => best.Consider(report.Validation!),
            },
            cancellation);
        best.Restore(trainer, validation, "Train anew with another --seed or --batch.", cancellation);
    }
}

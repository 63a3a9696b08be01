using System.Diagnostics;
using System.Globalization;
using HyperDsl;
using HyperDsl.Data;
using HyperDsl.Training;

namespace StaticHyperNet;

/// <summary>Trains one of the two networks by the notebook's schedule and tests the weights that were best in validation.</summary>
/// <param name="name">plain or hyper.</param>
/// <param name="network">The network.</param>
/// <param name="options">What the command line asks for.</param>
/// <param name="data">The images.</param>
public sealed class TrainingRun(string name, DigitNet network, Options options, DigitData data)
{
    private double testError = double.NaN;
    private TimeSpan elapsed;

    /// <summary>The network.</summary>
    public DigitNet Network => network;

    /// <summary>The result in one line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {network.ParameterCount:N0} parameters, test error {100 * testError:0.00} %, {elapsed.TotalSeconds:0} s");

    private string? Folder => options.Out is null ? null : Path.Combine(options.Out, name);

    /// <summary>Trains and tests.</summary>
    /// <param name="cancellation">Stops training; the checkpoint stays.</param>
    public void Run(CancellationToken cancellation)
    {
        network.Threads = options.Threads;
        network.Initialise(options.Seed);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: second kernel {network.SecondKernelParameters:N0} parameters, in all {network.ParameterCount:N0}"));

        var optimizer = new Adam(Schedule.Exponential(0.005, 0.999, floor: 1e-4)) { ClipNorm = 100 };
        var trainer = new Trainer(network, optimizer, (ulong)options.Seed);
        long begin = Stopwatch.GetTimestamp();
        using (ImageBatches training = data.TrainingBatches(options.Batch, options.Seed))
        using (ImageBatches validation = DigitData.EvaluationBatches(data.Validation))
        using (MetricsWriter? metrics = Folder is null ? null : MetricsWriter.Create(Path.Combine(Folder, "metrics.jsonl")))
        {
            var best = new BestWeights(network);
            trainer.Fit(
                training,
                new FitOptions
                {
                    Epochs = options.Epochs,
                    Validation = validation,
                    Progress = TrainingProgress.ForConsole(),
                    Metrics = metrics,
                    CheckpointPath = Folder is null ? null : Path.Combine(Folder, "checkpoint.safetensors"),
                    EpochEnded = report => best.Consider(report.Validation!.Error),
                },
                cancellation);
            best.Restore();
        }

        elapsed = Stopwatch.GetElapsedTime(begin);
        using ImageBatches test = DigitData.EvaluationBatches(data.Test);
        testError = trainer.Evaluate(test, cancellation).Error;
        if (Folder is not null)
        {
            network.Save(Path.Combine(Folder, "model.safetensors"));
        }
    }

    /// <summary>Tests the deployed form, which stores the kernel that the generator makes, and keeps it.</summary>
    public void TestBaked()
    {
        BakedModel baked = network.Bake(nameof(DigitNet.Logits));
        float[] logits = baked.Predict(new Batch(data.Test.Count).Add("image", DigitData.Pixels(data.Test)));
        int errors = 0;
        for (int example = 0; example < data.Test.Count; example++)
        {
            ReadOnlySpan<float> row = logits.AsSpan(example * DigitNet.Classes, DigitNet.Classes);
            errors += IndexOfGreatest(row) == data.Test.Labels[example] ? 0 : 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, baked: {baked.ParameterCount:N0} parameters, test error {100.0 * errors / data.Test.Count:0.00} %"));
        if (Folder is not null)
        {
            baked.Save(Path.Combine(Folder, "baked.safetensors"));
        }
    }

    private static int IndexOfGreatest(ReadOnlySpan<float> values)
    {
        int greatest = 0;
        for (int index = 1; index < values.Length; index++)
        {
            greatest = values[index] > values[greatest] ? index : greatest;
        }

        return greatest;
    }

    /// <summary>Remembers the weights of the epoch with the lowest validation error, the first of equals.</summary>
    private sealed class BestWeights(Model model)
    {
        private float[] weights = [];
        private double error = double.PositiveInfinity;

        public void Consider(double validationError)
        {
            if (validationError < error)
            {
                error = validationError;
                weights = model.Parameters.ReadOnlyValues.ToArray();
            }
        }

        public void Restore() => weights.CopyTo(model.Parameters.Values);
    }
}

using HyperDsl.Models;

namespace HyperDsl.Gpu.Tests;

/// <summary>Whole models, compiled as a user compiles them, on a device against the same models on this processor.</summary>
public abstract class ModelSuite(GpuBackend backend)
{
    private const ulong Key = 0x1234_5678_9ABC_DEF0;

    // A batch that fills no tile, one of several tiles and groups of threads, whose buffers the last one, a single example, finds too large.
    private static readonly int[] Counts = [19, 131, 1];

    /// <summary>Models with every kind of kernel: a driver takes seconds to compile those of each.</summary>
    public static TheoryData<string> Names =>
    [
        nameof(SmallHyperDigits), nameof(ResidualNetwork), nameof(KernelMixtures), nameof(Perceptron), nameof(TaskWeights),
        nameof(ManyOperations), nameof(NestedGenerators),
    ];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Predictions_agree(string name)
    {
        GpuDevice device = backend.Device;
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        Batch[] batches = [.. Counts.Select(count => item.Data(count, 1).For(model, item.Prediction))];
        double[][] expected = [.. batches.Select(batch => Closeness.Widened(model.Predict(item.Prediction, batch)))];
        model.To(device);
        for (int i = 0; i < batches.Length; i++)
        {
            Closeness.Agree(
                expected[i], Closeness.Widened(model.Predict(item.Prediction, batches[i])), Closeness.SingleRoundoff, 2 * item.Terms,
                $"prediction of {batches[i].Count} examples");
        }

        model.To(null);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Losses_gradients_and_updates_agree(string name)
    {
        GpuDevice device = backend.Device;
        ModelCase item = ModelCases.Find(name);
        Model expected = item.Moved();
        Model model = item.Moved();
        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        model.To(device);
        foreach (int count in Counts)
        {
            void Agree(ReadOnlySpan<double> wanted, ReadOnlySpan<double> found, string what) => Closeness.Agree(
                wanted, found, Closeness.SingleRoundoff, 2 * item.Terms, $"{what} of {count} examples");
            Batch batch = item.Data(count, 2).For(model, ModelCase.LossEntry);
            Agree([expected.Loss(ModelCase.LossEntry, batch)], [model.Loss(ModelCase.LossEntry, batch)], "loss");
            Agree(
                [expected.LossAndGradient(ModelCase.LossEntry, batch, expectedGradients, Key)],
                [model.LossAndGradient(ModelCase.LossEntry, batch, gradients, Key)], "training's loss");
            Agree(Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), "gradient");
            Agree(Closeness.Widened(expected.Parameters.ReadOnlyValues), Closeness.Widened(model.Parameters.ReadOnlyValues), "weights after the step");
        }

        model.To(null);
    }
}

public sealed class PoclModelTests() : ModelSuite(PoclBackend.Instance);

public sealed class CudaModelTests() : ModelSuite(CudaBackend.Instance);

using HyperDsl.Models;

namespace HyperDsl.Gpu.Tests;

/// <summary>Whole models, compiled as a user compiles them, on a device against the same models on this processor.</summary>
public abstract class ModelSuite(GpuBackend backend)
{
    private const ulong Key = 0x1234_5678_9ABC_DEF0;

    // A batch that fills no tile, and more than one slice of the processor's.
    private const int Count = 19;

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
        Batch batch = item.Data(Count, 1).For(model, item.Prediction);
        double[] expected = Closeness.Widened(model.Predict(item.Prediction, batch));
        model.To(device);
        Closeness.Agree(expected, Closeness.Widened(model.Predict(item.Prediction, batch)), Closeness.SingleRoundoff, 2 * item.Terms, "prediction");
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
        Batch batch = item.Data(Count, 2).For(model, ModelCase.LossEntry);
        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        model.To(device);
        Closeness.Agree(
            [expected.Loss(ModelCase.LossEntry, batch)], [model.Loss(ModelCase.LossEntry, batch)], Closeness.SingleRoundoff, 2 * item.Terms, "loss");
        Closeness.Agree(
            [expected.LossAndGradient(ModelCase.LossEntry, batch, expectedGradients, Key)],
            [model.LossAndGradient(ModelCase.LossEntry, batch, gradients, Key)], Closeness.SingleRoundoff, 2 * item.Terms, "training's loss");
        Closeness.Agree(
            Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), Closeness.SingleRoundoff, 2 * item.Terms, "gradient");
        Closeness.Agree(
            Closeness.Widened(expected.Parameters.ReadOnlyValues), Closeness.Widened(model.Parameters.ReadOnlyValues), Closeness.SingleRoundoff,
            2 * item.Terms, "weights after the step");
        model.To(null);
    }
}

public sealed class PoclModelTests() : ModelSuite(PoclBackend.Instance);

public sealed class CudaModelTests() : ModelSuite(CudaBackend.Instance);

using HyperDsl.Models;
using HyperDsl.Training;
using StaticHyperNet;

namespace HyperDsl.Gpu.Tests;

/// <summary>The sample's own hypernetwork, which generates the kernels of two convolutions, on a device against this processor.</summary>
public abstract class SampleTrainingSuite(GpuBackend backend)
{
    private const int Examples = 2;
    private const int TrainingSteps = 50;
    private const int Pixels = 28 * 28;

    /// <summary>Additions on the way of a value: a window of 7×7 in 16 channels, all places of a kernel's gradient, the readout, and the batch.</summary>
    private const int Terms = (7 * 7 * 16) + (Examples * Pixels) + (7 * 7 * 16) + Examples;

    [SkippableFact]
    public void A_training_step_agrees()
    {
        GpuDevice device = backend.Device;
        HyperNet expected = Make();
        HyperNet model = Make();
        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        double loss = expected.LossAndGradient("Loss", Data(0), expectedGradients);
        model.To(device);
        Closeness.Agree([loss], [model.LossAndGradient("Loss", Data(0), gradients)], Closeness.SingleRoundoff, Terms, "loss");
        Closeness.Agree(
            Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), Closeness.SingleRoundoff, Terms, "gradient");
        model.To(null);
    }

    /// <summary>What rounding does to a gradient moves a parameter by as much as the rate times that relative error; all steps after it carry it on.</summary>
    [SkippableFact]
    public void Fifty_steps_end_at_the_same_loss()
    {
        GpuDevice device = backend.Device;
        (double first, double expected) = Train(Make());
        HyperNet model = Make();
        model.To(device);
        (_, double found) = Train(model);
        Closeness.Agree([expected], [found], Closeness.SingleRoundoff, Terms * TrainingSteps, "loss after training");
        Assert.True(expected < first - 0.5, $"Nothing was learned: {first} became {expected}.");
        model.To(null);
    }

    private static (double First, double Last) Train(HyperNet model)
    {
        Trainer trainer = new(model, new Adam(0.003) { ClipNorm = 10 });
        double first = trainer.Step(Data(0));
        double last = first;
        for (int step = 1; step < TrainingSteps; step++)
        {
            last = trainer.Step(Data(step % 2));
        }

        return (first, last);
    }

    private static HyperNet Make()
    {
        HyperNet model = new();
        model.Initialise(3);
        return model;
    }

    private static Batch Data(int seed)
    {
        Random random = new(seed);
        float[] image = [.. Enumerable.Range(0, Examples * Pixels).Select(_ => random.NextSingle())];
        return new Batch(Examples).Add("image", image).Add("label", [.. Enumerable.Range(0, Examples).Select(_ => random.Next(10))]);
    }
}

public sealed class PoclSampleTrainingTests() : SampleTrainingSuite(PoclBackend.Instance);

public sealed class CudaSampleTrainingTests() : SampleTrainingSuite(CudaBackend.Instance);

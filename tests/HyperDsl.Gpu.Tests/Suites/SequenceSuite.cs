using HyperDsl.Models;
using HyperDsl.Training;

namespace HyperDsl.Gpu.Tests;

/// <summary>Models over time on a device against the same models on this processor.</summary>
public abstract class SequenceSuite(GpuBackend backend)
{
    private const int Examples = 18;
    private const int Steps = 6;
    private const ulong Key = 11;
    private const int TrainingSteps = 50;

    /// <summary>An upper bound for the additions on the way of a value through all steps and back, batch included.</summary>
    private const int Terms = 1000;

    public static TheoryData<string> Names =>
    [
        nameof(PlainCharacters), nameof(NormalisedCharacters), nameof(RewrittenCharacters), nameof(HyperLstmCharacters),
        nameof(DroppedCharacters), nameof(NormedBetweenByHost), nameof(NormedBetweenOnDevice),
        nameof(LearnedStateCharacters), nameof(LearnedStateCharactersByHost),
    ];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Losses_and_gradients_agree(string name)
    {
        GpuDevice device = backend.Device;
        Model expected = CharacterModels.Make(name);
        Model model = CharacterModels.Make(name);
        Batch batch = Data(3);
        model.To(device);
        Closeness.Agree([expected.Loss("Loss", batch)], [model.Loss("Loss", batch)], Closeness.SingleRoundoff, Terms, "loss");
        GradientStore expectedGradients = new(expected.Parameters);
        GradientStore gradients = new(model.Parameters);
        Closeness.Agree(
            [expected.LossAndGradient("Loss", batch, expectedGradients, Key)], [model.LossAndGradient("Loss", batch, gradients, Key)],
            Closeness.SingleRoundoff, Terms, "training's loss");
        Closeness.Agree(
            Closeness.Widened(expectedGradients.Values), Closeness.Widened(gradients.Values), Closeness.SingleRoundoff, Terms, "gradient");
        model.To(null);
    }

    /// <summary>Weights are filled when they are first asked for; a device asks too.</summary>
    [SkippableFact]
    public void A_model_that_nobody_initialised_has_its_first_weights()
    {
        GpuDevice device = backend.Device;
        Batch batch = Data(3);
        double expected = new HyperLstmCharacters().Loss("Loss", batch);
        HyperLstmCharacters model = new();
        model.To(device);
        Closeness.Agree([expected], [model.Loss("Loss", batch)], Closeness.SingleRoundoff, Terms, "loss");
        model.To(null);
    }

    [SkippableFact]
    public void Predictions_of_all_steps_agree()
    {
        GpuDevice device = backend.Device;
        Model model = CharacterModels.Make(nameof(HyperLstmCharacters));
        Batch batch = new Batch(Examples).Add("text", Symbols(3), Steps);
        float[] expected = model.Predict("Logits", batch);
        model.To(device);
        Closeness.Agree(Closeness.Widened(expected), Closeness.Widened(model.Predict("Logits", batch)), Closeness.SingleRoundoff, Terms, "logits");
        model.To(null);
    }

    /// <summary>
    /// Fifty steps end at the processor's loss. Adam divides by the root of squared gradients, so what rounding does to a gradient may move a
    /// parameter by as much as the rate times that relative error; each step's error is carried on by all steps after it.
    /// </summary>
    [SkippableTheory]
    [InlineData(nameof(PlainCharacters))]
    [InlineData(nameof(HyperLstmCharacters))]
    public void Fifty_steps_end_at_the_same_loss(string name)
    {
        GpuDevice device = backend.Device;
        double expected = Train(CharacterModels.Make(name));
        Model model = CharacterModels.Make(name);
        model.To(device);
        double found = Train(model);
        Closeness.Agree([expected], [found], Closeness.SingleRoundoff, Terms * TrainingSteps, "loss after training");
        model.To(null);
    }

    private static double Train(Model model)
    {
        Trainer trainer = new(model, new Adam(0.01) { ClipNorm = 0.5 });
        double last = 0;
        for (int step = 0; step < TrainingSteps; step++)
        {
            last = trainer.Step(Data(step));
        }

        return last;
    }

    private static Batch Data(int seed)
    {
        int[] text = Symbols(seed);
        return new Batch(Examples).Add("text", text, Steps).Add("next", [.. text.Select((_, i) => i % Steps == 0 ? 0 : text[i - 1])], Steps);
    }

    private static int[] Symbols(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Examples * Steps).Select(_ => random.Next(CharacterModel.Symbols))];
    }
}

public sealed class PoclSequenceTests() : SequenceSuite(PoclBackend.Instance);

public sealed class CudaSequenceTests() : SequenceSuite(CudaBackend.Instance);

using HyperDsl.Data;
using HyperDsl.Models;
using HyperDsl.Training;

namespace HyperDsl.Gpu.Tests;

/// <summary>The sample's character model, trained on windows of a text whose states go on, and writing symbol by symbol.</summary>
public abstract class CharacterSuite(GpuBackend backend)
{
    private const int Rows = 8;
    private const int Steps = 6;
    private const int TrainingSteps = 24;
    private const int Written = 10;

    /// <summary>An upper bound for the additions on the way of a value through the steps of a window and back, batch included.</summary>
    private const int Terms = 1000;

    public static TheoryData<string> Names => [nameof(SmallCharNet), nameof(StackedCharNet)];

    /// <summary>Each step's rounding is carried on by all steps after it, in the weights and in the states.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Training_on_a_text_ends_at_the_processors_loss(string name)
    {
        GpuDevice device = backend.Device;
        Run expected = new(name);
        Run found = new(name);
        found.Model.To(device);
        double[] wanted = expected.Train(TrainingSteps);
        Agree(wanted, found.Train(TrainingSteps), "losses");
        Assert.True(wanted[^1] < wanted[0], $"It learned nothing: {wanted[0]} became {wanted[^1]}.");
        foreach (string state in expected.Text.State!.Names)
        {
            Agree(Closeness.Widened(expected.Text.State.Values(state)), Closeness.Widened(found.Text.State!.Values(state)), state);
        }

        Agree([expected.Trainer.Evaluate(expected.Text).Loss], [found.Trainer.Evaluate(found.Text).Loss], "loss of the whole text");
        found.Model.To(null);
    }

    /// <summary>A checkpoint in the middle of a text, with states, goes from the processor to the device and back.</summary>
    [SkippableFact]
    public void A_run_goes_on_elsewhere()
    {
        const int Third = TrainingSteps / 3;
        GpuDevice device = backend.Device;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            double[] wanted = new Run(nameof(SmallCharNet)).Train(TrainingSteps);
            List<double> found = [];
            foreach (GpuDevice? place in new[] { null, device, null })
            {
                Run part = new(nameof(SmallCharNet));
                part.Model.To(place);
                if (found.Count > 0)
                {
                    part.Trainer.Load(path);
                }

                found.AddRange(part.Train(Third));
                part.Trainer.Save(path);
                part.Model.To(null);
            }

            Assert.Equal(wanted[..Third], found[..Third]);
            Agree(wanted, [.. found], "losses");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A text is written one symbol a step, while the sample watches how weights are rescaled.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Symbols_are_written_one_at_a_time(string name)
    {
        GpuDevice device = backend.Device;
        Run expected = new(name);
        expected.Train(2);
        Model model = expected.Model;
        (float[] Scores, float[] Scaling)[] wanted = Write(model);
        model.To(device);
        (float[] Scores, float[] Scaling)[] found = Write(model);
        model.To(null);
        for (int step = 0; step < Written; step++)
        {
            Agree(Closeness.Widened(wanted[step].Scores), Closeness.Widened(found[step].Scores), $"scores of step {step}");
            Agree(Closeness.Widened(wanted[step].Scaling), Closeness.Widened(found[step].Scaling), $"scaling of step {step}");
        }

        Assert.NotEqual(wanted[1].Scaling, wanted[2].Scaling);
    }

    private static (float[] Scores, float[] Scaling)[] Write(Model model)
    {
        int[] symbol = [3];
        Watched watched = new();
        Batch step = new Batch(1).Add("text", symbol, 1).Continue(model.NewState(1)).Watch(watched);
        return [.. Enumerable.Range(0, Written).Select(place =>
        {
            symbol[0] = place * 7 % 20;
            float[] scores = model.Predict("Logits", step);
            return (scores, watched[watched.Names.Order().Last()].Values.ToArray());
        })];
    }

    private static void Agree(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, string what) =>
        Closeness.Agree(expected, found, Closeness.SingleRoundoff, Terms * TrainingSteps, what);

    /// <summary>A model, its trainer and its place in a text: one of few symbols, each often followed by the same.</summary>
    private sealed class Run
    {
        public Run(string name)
        {
            Model = (Model)Activator.CreateInstance(typeof(SmallCharNet).Assembly.GetType("HyperDsl.Models." + name)!)!;
            Model.Initialise(3);
            Text = new TextWindows(Symbols(), Rows, Steps, new TextWindowOptions { States = Model.NewState });
            Trainer = new Trainer(Model, new Adam(0.005) { ClipNorm = 1 }) { Data = Text };
        }

        public Model Model { get; }

        public TextWindows Text { get; }

        public Trainer Trainer { get; }

        public double[] Train(int steps) => [.. Enumerable.Range(0, steps).Select(_ => Trainer.Step(Text.Next()))];

        private static int[] Symbols()
        {
            var random = new Random(5);
            int[] text = new int[(Rows * Steps * TrainingSteps / 2) + 1];
            for (int place = 1; place < text.Length; place++)
            {
                text[place] = random.Next(4) == 0 ? random.Next(20) : ((text[place - 1] * 3) + 1) % 20;
            }

            return text;
        }
    }
}

public sealed class PoclCharacterTests() : CharacterSuite(PoclBackend.Instance);

public sealed class CudaCharacterTests() : CharacterSuite(CudaBackend.Instance);

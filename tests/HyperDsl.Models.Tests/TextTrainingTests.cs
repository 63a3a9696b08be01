using HyperDsl.Data;
using HyperDsl.Storage;
using HyperDsl.Training;

namespace HyperDsl.Models;

/// <summary>Training on windows of a text whose states go on, with checkpoints in the middle of it.</summary>
public sealed class TextTrainingTests : IDisposable
{
    private const int Rows = 3;
    private const int Steps = 5;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hyperdsl-text-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_run_resumed_between_two_windows_is_bit_for_bit_the_uninterrupted_one(int interruptedAfter)
    {
        const int All = 11;
        (Trainer whole, TextWindows wholeText) = Start();
        double[] expected = Train(whole, wholeText, All);
        (Trainer first, TextWindows firstText) = Start();
        double[] losses = Train(first, firstText, interruptedAfter);
        first.Save(File("part"));
        (Trainer second, TextWindows secondText) = Start();
        Train(second, secondText, 2);
        second.Load(File("part"));
        double[] resumed = [.. losses, .. Train(second, secondText, All - interruptedAfter)];
        Assert.Equal(expected, resumed);
        whole.Save(File("a"));
        second.Save(File("b"));
        Assert.Equal(System.IO.File.ReadAllBytes(File("a")), System.IO.File.ReadAllBytes(File("b")));
    }

    /// <summary>By one thread the calling one does all the work, so nothing is allocated elsewhere either.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_over_a_window_allocates_nothing(int threads)
    {
        (Trainer trainer, TextWindows text) = Start();
        Models[^1].Threads = threads;
        trainer.Step(text.Next());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
        {
            trainer.Step(text.Next());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void States_matter_and_evaluation_leaves_them_as_they_were()
    {
        (Trainer trainer, TextWindows text) = Start();
        Train(trainer, text, 2);
        float[] before = text.State!.Values("cell.h").ToArray();
        EvaluationResult result = trainer.Evaluate(text);
        Assert.Equal(before, text.State.Values("cell.h").ToArray());
        Assert.Equal(new DataPosition(0, 2), text.Position);
        Assert.False(text.State.IsFresh(0));
        using var anew = new TextWindows(Symbols(), Rows, Steps);
        Assert.NotEqual(result.Loss, trainer.Evaluate(anew).Loss);
    }

    /// <summary>The mean over all symbols must not depend on how windows cut them, since states go on.</summary>
    [Fact]
    public void Evaluation_weighs_every_symbol_alike()
    {
        (Trainer trainer, _) = Start();
        double whole = trainer.Evaluate(Windows(steps: 1000)).Loss;

        // Up to 74 losses of some nats are added in other groups.
        Assert.All(new[] { 1, 4, 7, 24 }, steps => Assert.Equal(whole, trainer.Evaluate(Windows(steps)).Loss, 75 * 4 * Math.Pow(2, -24)));

        TextWindows Windows(int steps)
        {
            var model = (CharacterModel)Models[^1];
            return new TextWindows(Symbols(), Rows, steps, new TextWindowOptions { KeepRemainder = true, States = model.NewState });
        }
    }

    [Fact]
    public void A_checkpoint_without_the_states_is_refused_and_changes_nothing()
    {
        (Trainer trainer, TextWindows text) = Start();
        Train(trainer, text, 2);
        trainer.Save(File("good"));
        (Trainer other, _) = Start(states: false);
        other.Data!.Next();
        other.Save(File("stateless"));
        float[] before = text.State!.Values("cell.h").ToArray();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => trainer.Load(File("stateless")));
        Assert.Contains("each anew", error.Message, StringComparison.Ordinal);
        Assert.Equal((2L, new DataPosition(0, 2)), (trainer.Steps, text.Position));
        Assert.Equal(before, text.State.Values("cell.h").ToArray());
    }

    [Fact]
    public void Notes_are_stored_with_checkpoints_and_models()
    {
        (Trainer trainer, _) = Start();
        trainer.Notes["vocabulary"] = "a\né";
        trainer.Save(File("checkpoint"));
        Assert.Equal(("a\né", "NormalisedCharacters"), Read(File("checkpoint")));
        Models[^1].Save(File("model"), trainer.Notes);
        Assert.Equal(("a\né", "NormalisedCharacters"), Read(File("model")));

        static (string, string) Read(string path)
        {
            IReadOnlyDictionary<string, string> notes = ModelFile.ReadNotes(path);
            return (notes["vocabulary"], notes["model"]);
        }
    }

    [Fact]
    public void Time_ends_a_fit_in_the_middle_of_an_epoch()
    {
        (Trainer trainer, TextWindows text) = Start();
        TrainingReport last = default;
        var lines = new StringWriter();
        EpochReport? report = trainer.Fit(text, new FitOptions
        {
            Epochs = 1000,
            TimeLimit = TimeSpan.FromTicks(1),
            Progress = TrainingProgress.ForWriter(lines, progress =>
            {
                last = progress;
                return "a line";
            }),
        });
        Assert.Equal((1L, 1L, 1L), (report!.Epoch, report.Steps, trainer.Steps));
        Assert.Equal((1L, 1L, TimeSpan.Zero, true), (last.Done, last.Total, last.Left, last.EpochEnded));
        Assert.Equal("a line", lines.ToString().Trim());
    }

    private List<Model> Models { get; } = [];

    private string File(string name) => Path.Combine(folder.FullName, name);

    private (Trainer Trainer, TextWindows Text) Start(bool states = true)
    {
        var model = new NormalisedCharacters { Threads = 2 };
        Models.Add(model);
        model.Initialise(3);
        var text = new TextWindows(Symbols(), Rows, Steps, new TextWindowOptions { States = states ? model.NewState : null });
        return (new Trainer(model, new Adam(0.01) { ClipNorm = 1 }, seed: 4) { Data = text }, text);
    }

    private static double[] Train(Trainer trainer, TextWindows text, int steps) =>
        [.. Enumerable.Range(0, steps).Select(_ => trainer.Step(text.Next()))];

    private static int[] Symbols()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, 75).Select(_ => random.Next(CharacterModel.Symbols))];
    }
}

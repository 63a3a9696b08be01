using HyperDsl.Training;

namespace HyperDsl.Models;

/// <summary>What the README shows works as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_first_model_trains_and_predicts()
    {
        var random = new Random(1);
        float[] pixels = [.. Enumerable.Range(0, 100 * 28 * 28).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10)];
        float[] onePicture = pixels[..(28 * 28)];

        var model = new Digits();
        model.Initialise(seed: 1);
        var trainer = new Trainer(model, new Adam(1e-3));
        double first = trainer.Step(new Batch(100).Add("image", pixels).Add("digit", labels));
        float[] logits = model.Predict("Logits", new Batch(1).Add("image", onePicture));

        Assert.Equal(Math.Log(10), first, 0.2 * Math.Log(10));
        Assert.Equal(10, logits.Length);
        Assert.Equal(logits, model.Bake("Logits").Predict(new Batch(1).Add("image", onePicture)));
    }

    [Fact]
    public void The_model_over_time_learns_a_text_by_heart()
    {
        const int Steps = 30;
        int[] text = [.. Enumerable.Range(0, 4 * Steps).Select(i => (i * i) % 65)];
        int[] next = [.. text.Skip(1).Append(0)];
        var model = new Characters();
        model.Initialise(seed: 1);
        var trainer = new Trainer(model, new Adam(0.01) { ClipNorm = 1 });
        SequenceState state = model.NewState(rows: 4);
        Batch batch = new Batch(4).Add("text", text, Steps).Add("next", next, Steps).Continue(state);
        double first = trainer.Step(batch);
        double last = first;
        for (int step = 0; step < 60; step++)
        {
            state.Reset();
            last = trainer.Step(batch);
        }
        Assert.True(last < first / 3, $"The loss fell from {first} to {last} only.");
    }
}

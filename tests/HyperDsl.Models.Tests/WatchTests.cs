namespace HyperDsl.Models;

/// <summary>Values that are read while a model runs.</summary>
public sealed class WatchTests
{
    private const int Rows = 18;
    private const int Steps = 7;

    [Fact]
    public void A_watched_value_is_what_the_same_cell_gives_as_its_output()
    {
        WatchedCharacters model = new();
        model.Initialise(4);
        int[] text = CarriedStateTests.Text(1, Steps);
        Watched seen = new();
        float[] gates = model.Predict("Gates", CarriedStateTests.Batch(text, 0, Steps, Steps).Watch(seen));
        Assert.Equal(["cell.gate", "cell.gate#2", "summed"], seen.Names.Order());
        WatchedValue gate = seen["cell.gate"];
        Assert.Equal((Rows, Steps, 5), (gate.Examples, gate.Steps, gate.Shape[0]));
        Assert.Equal(gates, gate.Values.ToArray());
        Assert.Equal(gates.AsSpan(((3 * Steps) + 2) * 5, 5), gate.At(3, 2));
        WatchedValue summed = seen["summed"];
        Assert.Equal((Rows, 0, 5), (summed.Examples, summed.Steps, summed.Shape[0]));
        for (int row = 0; row < Rows; row++)
        {
            for (int unit = 0; unit < 5; unit++)
            {
                double sum = Enumerable.Range(0, Steps).Sum(step => (double)gate.At(row, step)[unit]);
                Assert.Equal(sum, summed.At(row)[unit], Steps * Math.Pow(2, -24) * Steps);
            }
        }
    }

    [Theory]
    [InlineData("ScaledCharacters")]
    public void Who_asks_changes_no_bit(string name)
    {
        CharacterModel model = CarriedStateTests.Make(name);
        int[] text = CarriedStateTests.Text(2, Steps);
        Batch asks = CarriedStateTests.Losses(text, 0, Steps, Steps).Watch(new Watched());
        Batch silent = CarriedStateTests.Losses(text, 0, Steps, Steps);
        Assert.Equal(model.Loss("Loss", silent), model.Loss("Loss", asks));
        GradientStore without = new(model.Parameters);
        GradientStore with = new(model.Parameters);
        Assert.Equal(model.LossAndGradient("Loss", silent, without, 5), model.LossAndGradient("Loss", asks, with, 5));
        Assert.Equal(without.Values.ToArray(), with.Values.ToArray());
    }

    /// <summary>Reference 1.4: with the first release's initialisation all scalings begin at a tenth.</summary>
    [Fact]
    public void The_scalings_of_a_hyper_lstm_begin_at_a_tenth_and_change_with_training_and_step()
    {
        CharacterModel model = CarriedStateTests.Make("ScaledCharacters");
        int[] text = CarriedStateTests.Text(3, Steps);
        Watched seen = new();
        Batch batch = CarriedStateTests.Losses(text, 0, Steps, Steps).Watch(seen);
        Training.Trainer trainer = new(model, new Training.Adam(0.01));
        trainer.Step(batch);
        Assert.Equal([8 * 12], seen["cell.scaling"].Shape);
        Assert.All(seen["cell.scaling"].Values.ToArray(), value => Assert.Equal(0.1, value, 4 * Math.Pow(2, -24)));
        for (int step = 0; step < 5; step++)
        {
            trainer.Step(batch);
        }
        Assert.False(seen["cell.scaling"].At(0, 1).SequenceEqual(seen["cell.scaling"].At(0, 2)));
        Assert.False(seen["cell.scaling"].At(0, 1).SequenceEqual(seen["cell.scaling"].At(1, 1)));
    }

    [Fact]
    public void Values_are_read_step_by_step_while_text_is_generated()
    {
        CharacterModel model = CarriedStateTests.Make("ScaledCharacters");
        new Training.Trainer(model, new Training.Adam(0.05)).Step(CarriedStateTests.Losses(CarriedStateTests.Text(3, Steps), 0, Steps, Steps));
        int[] text = [.. CarriedStateTests.Text(4, Steps).Take(Steps)];
        Watched whole = new();
        model.Predict("Logits", new Batch(1).Add("text", text, Steps).Watch(whole));
        Watched step = new();
        int[] symbol = new int[1];
        Batch batch = new Batch(1).Add("text", symbol, 1).Watch(step).Continue(model.NewState(1));
        for (int t = 0; t < Steps; t++)
        {
            symbol[0] = text[t];
            model.Predict("Logits", batch);
            Assert.Equal(whole["cell.scaling"].At(0, t), step["cell.scaling"].At(0));
        }
    }

    [Fact]
    public void Who_asks_no_longer_is_told_no_more()
    {
        CharacterModel model = CarriedStateTests.Make("ScaledCharacters");
        int[] text = CarriedStateTests.Text(6, Steps);
        Watched seen = new();
        Batch batch = CarriedStateTests.Losses(text, 0, Steps, Steps).Watch(seen);
        Training.Trainer trainer = new(model, new Training.Adam(0.05));
        trainer.Step(batch);
        float[] first = seen["cell.scaling"].Values.ToArray();
        batch.Watch(null);
        trainer.Step(batch);
        Assert.Equal(first, seen["cell.scaling"].Values.ToArray());
        batch.Watch(seen);
        trainer.Step(batch);
        Assert.NotEqual(first, seen["cell.scaling"].Values.ToArray());
    }

    [Fact]
    public void The_next_window_of_a_text_asks_for_nothing()
    {
        CharacterModel model = CarriedStateTests.Make("ScaledCharacters");
        using Data.TextWindows windows = new(CarriedStateTests.Text(7, Steps), 3, Steps, new Data.TextWindowOptions { States = model.NewState });
        Watched seen = new();
        model.Loss("Loss", windows.Next().Watch(seen));
        float[] first = seen["cell.scaling"].Values.ToArray();
        model.Parameters.Values.Fill(0.5f);
        model.Loss("Loss", windows.Next());
        Assert.Equal(first, seen["cell.scaling"].Values.ToArray());
    }

    [Fact]
    public void Misuse_is_said_in_words()
    {
        CharacterModel silent = CarriedStateTests.Make("PlainCharacters");
        int[] text = CarriedStateTests.Text(5, Steps);
        Watched seen = new();
        Batch batch = CarriedStateTests.Losses(text, 0, Steps, Steps).Watch(seen);
        Assert.Contains("'PlainCharacters.Loss' watches nothing", Assert.Throws<InvalidOperationException>(() => silent.Loss("Loss", batch)).Message);
        Assert.Contains("no call was made yet", Assert.Throws<KeyNotFoundException>(() => seen["x"]).Message);
        CharacterModel model = CarriedStateTests.Make("ScaledCharacters");
        model.Loss("Loss", batch);
        Assert.Contains("There are: cell.scaling", Assert.Throws<KeyNotFoundException>(() => seen["scaling"]).Message);
        Assert.Contains("single precision", Assert.Throws<ArgumentException>(() => model.Loss64("Loss", batch)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => seen["cell.scaling"].At(0, Steps).Length);
        Assert.Throws<ArgumentException>(() => TensorMath.Watch("", 1));
    }
}

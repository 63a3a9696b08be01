using HyperDsl.Storage;

namespace HyperDsl.Tests.Dsl;

/// <summary>Calls of compiled entries, with routines written by hand as the compiler would.</summary>
public sealed class CompiledModelTests
{
    private static ScoreModel Make()
    {
        ScoreModel model = new() { Threads = 2 };
        model.Parameters["w"][0] = 0.5f;
        model.Parameters["w"][1] = -2;
        return model;
    }

    private static Batch Three() => new Batch(3).Add("x", [1f, 2, 3, 4, 5, 6]);

    private static Batch Labelled() => Three().Add("label", [0, 1, 2]);

    [Fact]
    public void Predictions_and_losses_come_from_the_routines()
    {
        ScoreModel model = Make();
        float[] scores = [-3.5f, -6.5f, -9.5f];

        Assert.Equal(scores, model.Predict("Score", Three()));
        Assert.Equal((-3.5 - 13 - 28.5) / 3, model.Loss("Loss", Labelled()), 4 * Math.Pow(2, -24) * 15);
        Assert.Equal([-3.5, -6.5, -9.5], model.Predict64("Score", Three()));
        Assert.Equal((-3.5 - 13 - 28.5) / 3, model.Loss64("Loss", Labelled()), 4 * Math.Pow(2, -53) * 15);
    }

    [Fact]
    public void Training_gives_gradients_and_updates_statistics()
    {
        ScoreModel model = Make();
        GradientStore gradients = new(model.Parameters);
        gradients.Values.Fill(9);
        double[] gradients64 = new double[model.Parameters.Length];

        double loss64 = model.LossAndGradient64("Loss", Labelled(), gradients64);
        double loss = model.LossAndGradient("Loss", Labelled(), gradients, randomKey: 4);

        Assert.Equal(-15, loss, 4 * Math.Pow(2, -24) * 15);
        Assert.Equal(-15, loss64, 4 * Math.Pow(2, -53) * 15);
        Assert.Equal([22f / 3, 28f / 3], gradients["w"].ToArray());
        Assert.Equal(0, gradients["mean"][0]);
        Assert.Equal(22.0 / 3, gradients64[0], 4 * Math.Pow(2, -53) * 22 / 3);
        Assert.Equal(3 + 4, model.Parameters["mean"][0]);
        Assert.Equal(-3.5f + 7, model.Predict("Score", Three())[0]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_loss_that_is_not_finite_updates_no_statistics(float input)
    {
        ScoreModel model = Make();
        Batch batch = new Batch(3).Add("x", [1f, 2, 3, 4, 5, input]).Add("label", [0, 1, 2]);
        Assert.False(double.IsFinite(model.LossAndGradient("Loss", batch, new GradientStore(model.Parameters), randomKey: 4)));
        Assert.Equal(0, model.Parameters["mean"][0]);
    }

    [Fact]
    public void Given_parameters_replace_the_models_own()
    {
        ScoreModel model = Make();
        double[] parameters = new double[model.Parameters.Length];
        parameters[0] = 1;

        Assert.Equal([1, 3, 5], model.Predict64("Score", Three(), parameters));
        Assert.Throws<ArgumentException>(() => model.Predict64("Score", Three(), new double[3]));
        Assert.Throws<ArgumentException>(() => model.LossAndGradient64("Loss", Labelled(), new double[3]));
    }

    [Fact]
    public void What_depends_on_parameters_only_is_computed_once_for_each_version()
    {
        ScoreModel model = Make();

        model.Predict("Score", Three());
        model.Predict("Score", Three());
        Assert.Equal(1, model.Generations);
        model.Parameters["w"][0] = 7;
        Assert.Equal(7 - 4, model.Predict("Score", Three())[0]);
        Assert.Equal(2, model.Generations);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        ScoreModel model = Make();
        GradientStore gradients = new(model.Parameters);
        Batch batch = Labelled();
        Memory<float> predictions = new float[3];
        Batch unlabelled = Three();
        long Step()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.LossAndGradient("Loss", batch, gradients);
            model.Loss("Loss", batch);
            model.Predict("Score", unlabelled, predictions);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // The first run makes the routines, the second the comparers of the runner's version check.
        Step();
        Step();

        Assert.Equal(0, Step());
    }

    /// <summary>A batch that was checked is not looked at again, but for what its arrays hold by now.</summary>
    [Fact]
    public void A_batch_may_change_between_calls()
    {
        ScoreModel model = Make();
        float[] x = [1f, 2, 3, 4, 5, 6];
        int[] labels = [0, 1, 2];
        Batch batch = new Batch(3).Add("x", x).Add("label", labels);
        double loss = model.Loss("Loss", batch);

        labels[1] = 3;
        Assert.Contains(
            "Example 1 of the input 'label' is 3", Assert.Throws<ArgumentException>(() => model.Loss("Loss", batch)).Message, StringComparison.Ordinal);
        labels[1] = 1;
        Assert.Equal(loss, model.Loss("Loss", batch));
        x[0] = 7;
        Assert.Equal(model.Loss("Loss", new Batch(3).Add("x", x).Add("label", labels)), model.Loss("Loss", batch));
        Assert.NotEqual(loss, model.Loss("Loss", batch));
        batch.Add("x", [1f, 2, 3, 4, 5, 6]);
        Assert.Equal(loss, model.Loss("Loss", batch));
        batch.Add("label", [2, 1]);
        Assert.Throws<ArgumentException>(() => model.Loss("Loss", batch));
        Assert.Throws<ArgumentException>(() => model.Loss("Loss", batch));
        batch.Add("label", labels);
        Assert.Equal(loss, model.Loss("Loss", batch));
    }

    [Fact]
    public void Baked_predictions_survive_a_file()
    {
        ScoreModel model = Make();
        string path = Path.Combine(Directory.CreateTempSubdirectory("hyperdsl").FullName, "baked.safetensors");

        BakedModel baked = model.Bake("Score");
        baked.Save(path);
        BakedModel loaded = new ScoreModel().LoadBaked("Score", path);

        Assert.Equal([-7, -13, -19], baked.Predict(Three()));
        Assert.Equal(baked.Predict(Three()), loaded.Predict(Three()));
        Assert.Equal([1, -4], loaded.Values("w"));
        Assert.Equal(3, loaded.ParameterCount);
        Assert.Throws<KeyNotFoundException>(() => loaded.Values("other"));
        Assert.Contains("nothing to bake", Assert.Throws<InvalidOperationException>(() => model.Bake("Plain")).Message, StringComparison.Ordinal);

        SafeTensorsWriter wrong = new();
        wrong.Add<float>("w", [1, 2], [1, 2]);
        wrong.Save(path);
        Assert.Contains("shape [2]", Assert.Throws<FileFormatException>(() => model.LoadBaked("Score", path)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Calls_that_do_not_fit_are_refused_in_words()
    {
        ScoreModel model = Make();
        void Refused<T>(Action call, params string[] words)
            where T : Exception
        {
            T error = Assert.Throws<T>(call);
            Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        }
        Refused<ArgumentException>(() => model.Predict("Other", Three()), "no entry 'Other'", "Score, Loss, Plain");
        Refused<InvalidOperationException>(() => model.Predict("Loss", Labelled()), "is a loss", "[Predict]");
        Refused<InvalidOperationException>(() => model.Loss("Score", Three()), "is a prediction", "[Loss]");
        Refused<InvalidOperationException>(() => model.Predict64("Plain", Three()), "Float64 = true");
        Refused<ArgumentException>(() => model.Loss("Loss", Three()), "nothing for the input 'label'", "It has: x");
        Refused<ArgumentException>(() => model.Predict("Score", Labelled()), "'label'", "does not take");
        Refused<ArgumentException>(() => model.Predict("Score", new Batch(2).Add("x", new float[5])), "[2]", "4 numbers", "5 were given");
        Refused<ArgumentException>(() => model.Predict("Score", new Batch(2).Add("x", new int[2])), "real numbers", "labels");
        Refused<ArgumentException>(() => model.Loss("Loss", Three().Add("label", new float[3])), "takes labels");
        Refused<ArgumentException>(() => model.Loss("Loss", Three().Add("label", [0, 1])), "3 in all, but 2");
        Refused<ArgumentException>(() => model.Loss("Loss", Three().Add("label", [0, 3, 1])), "Example 1", "is 3", "0 to 2");
        Refused<ArgumentException>(() => model.Predict("Score", Three(), new float[2]), "3 in all", "room for 2");
        Refused<ArgumentOutOfRangeException>(() => model.Threads = 0);
        Refused<ArgumentOutOfRangeException>(() => new Batch(0));
    }
}

namespace HyperDsl.Models;

/// <summary>Deployed forms.</summary>
public sealed class BakeTests : IDisposable
{
    private const int Count = 13;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hyperdsl-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(ModelCases.WithGenerators), MemberType = typeof(ModelCases))]
    public void A_baked_model_predicts_the_same_bits_without_generators(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        BakedModel baked = model.Bake(item.Prediction);
        Batch batch = item.Data(Count, 1).For(model, item.Prediction);
        Assert.Equal(model.Predict(item.Prediction, batch), baked.Predict(batch));

        string[] weights = [.. model.Weights.Select(weight => weight.Key)];
        string[] generators = [.. weights.Where(weight => IsGenerator(item, weight))];
        Assert.All(item.Generators, start => Assert.Contains(generators, weight => weight.StartsWith(start, StringComparison.Ordinal)));
        Assert.DoesNotContain(baked.Parameters, parameter => generators.Contains(parameter.Name));
        Assert.All(weights.Except(generators), weight => Assert.Equal(model.Parameters[weight].ToArray(), baked.Values(weight)));
        Assert.Equal(baked.Parameters.Sum(parameter => baked.Values(parameter.Name).Length), baked.ParameterCount);
    }

    /// <summary>Whatever does not depend on the example is stored, such as the root of a remembered variance.</summary>
    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Every_prediction_can_be_baked_or_says_that_there_is_nothing_to_bake(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        Batch batch = item.Data(Count, 1).For(model, item.Prediction);
        if (model.Entries.Single(entry => entry.Name == item.Prediction).Baked is null)
        {
            Assert.Empty(item.Generators);
            Assert.Contains(
                "nothing to bake", Assert.Throws<InvalidOperationException>(() => model.Bake(item.Prediction)).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(model.Predict(item.Prediction, batch), model.Bake(item.Prediction).Predict(batch));
    }

    [Theory]
    [MemberData(nameof(ModelCases.WithGenerators), MemberType = typeof(ModelCases))]
    public void A_baked_model_does_not_follow_later_training(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        BakedModel baked = model.Bake(item.Prediction);
        Batch batch = item.Data(Count, 1).For(model, item.Prediction);
        float[] before = baked.Predict(batch);
        model.Initialise(seed: 1000);
        Assert.Equal(before, baked.Predict(batch));
        Assert.NotEqual(before, model.Predict(item.Prediction, batch));
        Assert.Equal(model.Predict(item.Prediction, batch), model.Bake(item.Prediction).Predict(batch));
    }

    [Theory]
    [MemberData(nameof(ModelCases.WithGenerators), MemberType = typeof(ModelCases))]
    public void A_loaded_baked_model_has_the_bits_of_the_saved_one(string name)
    {
        ModelCase item = ModelCases.Find(name);
        string path = Path.Combine(folder.FullName, "baked.safetensors");
        Model model = item.Moved();
        BakedModel baked = model.Bake(item.Prediction);
        baked.Save(path);
        BakedModel loaded = item.New().LoadBaked(item.Prediction, path);
        Assert.Equal(baked.Parameters, loaded.Parameters);
        Assert.All(baked.Parameters, parameter => Assert.Equal(baked.Values(parameter.Name), loaded.Values(parameter.Name)));
        Batch batch = item.Data(Count, 2).For(model, item.Prediction);
        Assert.Equal(baked.Predict(batch), loaded.Predict(batch));
    }

    [Fact]
    public void A_baked_mean_over_steps_divides_by_the_length_of_each_sequence()
    {
        MeanOfSequence model = new();
        model.Initialise(5);
        BakedModel baked = model.Bake("Mean");
        foreach (int steps in (int[])[1, 3, 7])
        {
            Batch batch = new Batch(Count).Add("x", Numbers(Count * steps * 3), steps);
            Assert.Equal(model.Predict("Mean", batch), baked.Predict(batch));
        }
    }

    [Fact]
    public void Statistics_of_the_batch_are_not_baked()
    {
        CentredInputs model = new();
        model.Initialise(5);
        BakedModel baked = model.Bake("Centred");
        foreach (int count in (int[])[2, Count])
        {
            Batch batch = new Batch(count).Add("x", Numbers(count * 3));
            Assert.Equal(model.Predict("Centred", batch), baked.Predict(batch));
        }
    }

    private static float[] Numbers(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static bool IsGenerator(ModelCase item, string weight) =>
        item.Generators.Any(start => weight.StartsWith(start, StringComparison.Ordinal));
}

namespace HyperDsl.Models;

/// <summary>What a batch may change, and what it and threads may not.</summary>
public sealed class BatchTests
{
    private const ulong Key = 9;

    [Theory]
    [MemberData(nameof(ModelCases.WithoutBatchStatistics), MemberType = typeof(ModelCases))]
    public void A_batch_is_the_mean_of_its_examples(string name)
    {
        const int count = 11;
        ModelCase item = ModelCases.Find(name);
        Model model = item.Initialised();
        Examples examples = item.Data(count, 5);
        Batch whole = examples.For(model, ModelCase.LossEntry);
        var gradient = new double[model.Parameters.Length];
        var mean = new double[model.Parameters.Length];
        var own = new double[model.Parameters.Length];
        model.LossAndGradient64(ModelCase.LossEntry, whole, gradient);
        double loss = 0;
        List<double> predictions = [];
        for (int example = 0; example < count; example++)
        {
            Batch one = examples.One(example).For(model, ModelCase.LossEntry);
            loss += model.Loss64(ModelCase.LossEntry, one) / count;
            model.LossAndGradient64(ModelCase.LossEntry, one, own);
            mean = [.. mean.Zip(own, (sum, value) => sum + (value / count))];
            predictions.AddRange(model.Predict64(item.Prediction, examples.One(example).For(model, item.Prediction)));
        }

        Closeness.Agree([loss], [model.Loss64(ModelCase.LossEntry, whole)], Closeness.DoubleRoundoff, item.Terms, "loss");
        Closeness.Agree(
            [.. predictions],
            model.Predict64(item.Prediction, examples.For(model, item.Prediction)),
            Closeness.DoubleRoundoff,
            item.Terms,
            "prediction");
        // An example alone is example 0, and so draws other masks.
        if (!item.Masks)
        {
            Closeness.Agree(mean, gradient, Closeness.DoubleRoundoff, item.Terms, "gradient");
        }
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Threads_change_no_bit(string name)
    {
        const int count = 45;
        ModelCase item = ModelCases.Find(name);
        float[] one = Everything(1);
        Assert.DoesNotContain(one, float.IsNaN);
        Assert.Equal(one, Everything(2));
        Assert.Equal(one, Everything(3));

        float[] Everything(int threads)
        {
            Model model = item.Initialised();
            model.Threads = threads;
            Examples examples = item.Data(count, 6);
            var gradients = new GradientStore(model.Parameters);
            double loss = model.LossAndGradient(ModelCase.LossEntry, examples.For(model, ModelCase.LossEntry), gradients, Key);
            float[] predictions = model.Predict(item.Prediction, examples.For(model, item.Prediction));
            return [(float)loss, .. gradients.Values, .. model.Parameters.ReadOnlyValues, .. predictions];
        }
    }
}

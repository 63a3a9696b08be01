namespace HyperDsl.Models;

/// <summary>The compiled code against the same methods run by .NET in double precision.</summary>
public sealed class EagerAgreementTests
{
    private const int Count = 7;
    private const ulong Key = 0x1234_5678_9ABC_DEF0;

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Predictions_agree(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Model model = item.Moved();
        Examples examples = item.Data(Count, 1);
        Batch batch = examples.For(model, item.Prediction);
        double[] eager;
        using (Mode.Enter(training: false, examples: Count))
        {
            eager = item.Predict(model, examples).ToArray();
        }

        Closeness.Agree(eager, model.Predict64(item.Prediction, batch), Closeness.DoubleRoundoff, item.Terms, "double");
        Closeness.Agree(
            eager, Closeness.Widened(model.Predict(item.Prediction, batch)), Closeness.SingleRoundoff, item.Terms, "single");
    }

    [Theory]
    [MemberData(nameof(ModelCases.Names), MemberType = typeof(ModelCases))]
    public void Losses_and_updates_agree(string name)
    {
        ModelCase item = ModelCases.Find(name);
        Examples examples = item.Data(Count, 2);
        Model compiled = item.Moved();
        Model eager = item.Moved();
        Batch batch = examples.For(compiled, ModelCase.LossEntry);
        double evaluation = Eager(training: false);
        Agree(evaluation, compiled.Loss64(ModelCase.LossEntry, batch), Closeness.DoubleRoundoff);
        Agree(evaluation, compiled.Loss(ModelCase.LossEntry, batch), Closeness.SingleRoundoff);

        double training = Eager(training: true);
        var gradient = new double[compiled.Parameters.Length];
        var gradients = new GradientStore(compiled.Parameters);
        Agree(training, compiled.LossAndGradient64(ModelCase.LossEntry, batch, gradient, randomKey: Key), Closeness.DoubleRoundoff);
        Agree(training, compiled.LossAndGradient(ModelCase.LossEntry, batch, gradients, Key), Closeness.SingleRoundoff);
        Closeness.Agree(
            Closeness.Widened(eager.Parameters.ReadOnlyValues),
            Closeness.Widened(compiled.Parameters.ReadOnlyValues),
            Closeness.SingleRoundoff,
            item.Terms,
            "weights after the step");
        Assert.Equal(item.BatchStatistics, !compiled.Parameters.ReadOnlyValues.SequenceEqual(item.Moved().Parameters.ReadOnlyValues));
        Assert.Equal(item.Masks || item.BatchStatistics, Math.Abs(training - evaluation) > 1e-3);

        double Eager(bool training)
        {
            using (Mode.Enter(training, Key, Count))
            {
                return item.Loss(eager, examples).ToArray().Average();
            }
        }

        void Agree(double expected, double found, double unit) => Closeness.Agree([expected], [found], unit, item.Terms, "loss");
    }
}

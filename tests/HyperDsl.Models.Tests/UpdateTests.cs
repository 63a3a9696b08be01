namespace HyperDsl.Models;

/// <summary>When a new value of a weight that is not trained takes effect.</summary>
public sealed class UpdateTests
{
    [Fact]
    public void Only_training_updates()
    {
        var model = new CountedSteps();
        model.Initialise(seed: 1);
        Batch batch = new Batch(2).Add("x", [1f, 2, 3, 4]);
        model.LossAndGradient("Loss", batch, new GradientStore(model.Parameters));
        Assert.Equal(1, Count());
        model.LossAndGradient("Loss", batch, new GradientStore(model.Parameters));
        Assert.Equal(2, Count());
        Assert.Equal((9 + 49) / 2, model.Loss("Loss", batch));
        Assert.Equal([3, 7], model.Predict("Score", batch));
        Assert.Equal(2, Count());

        double Count() => model.Weights.Single(item => item.Key == "count").Value.ToArray().Single();
    }
}

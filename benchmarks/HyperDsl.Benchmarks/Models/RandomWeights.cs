namespace HyperDsl.Benchmarks.Models;

/// <summary>Weights under which every part of a model counts.</summary>
public static class RandomWeights
{
    /// <summary>
    /// Initialises a model and gives random values to the weights that begin at zero: a fresh HyperLSTM does not use its hyper cell, and a
    /// comparison would not see it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">What the values depend on.</param>
    public static void Set(Model model, int seed)
    {
        model.Initialise(seed);
        var random = new Random(seed);
        foreach ((string name, Weight weight) in model.Weights)
        {
            Span<float> values = model.Parameters[name];
            if (values.IndexOfAnyExcept(0f) >= 0)
            {
                continue;
            }
            float scale = 1 / MathF.Sqrt(weight.Shape[^1]);
            foreach (ref float value in values)
            {
                value = scale * ((2 * random.NextSingle()) - 1);
            }
        }
    }
}

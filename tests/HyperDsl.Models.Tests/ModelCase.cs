namespace HyperDsl.Models;

/// <summary>A model with what the tests need to know of it.</summary>
/// <param name="Name">The model's class.</param>
/// <param name="New">Makes one.</param>
/// <param name="Data">Examples: how many, and a seed.</param>
/// <param name="Prediction">Name of the prediction.</param>
/// <param name="Predict">Calls it eagerly.</param>
/// <param name="Loss">Calls the method Loss eagerly.</param>
public sealed record ModelCase(
    string Name,
    Func<Model> New,
    Func<int, int, Examples> Data,
    string Prediction,
    Func<Model, Examples, Tensor> Predict,
    Func<Model, Examples, Tensor> Loss)
{
    public const string LossEntry = "Loss";
    private const int InitialSeed = 5;

    /// <summary>An upper bound for the additions on the way of a value through the whole network and back, batch included.</summary>
    public required int Terms { get; init; }

    /// <summary>Whether examples influence each other.</summary>
    public bool BatchStatistics { get; init; }

    /// <summary>Whether training draws random numbers.</summary>
    public bool Masks { get; init; }

    /// <summary>Names of weights that exist to generate others, by their beginnings; none where nothing can be baked.</summary>
    public string[] Generators { get; init; } = [];

    public Model Initialised()
    {
        Model model = New();
        model.Initialise(InitialSeed);
        return model;
    }

    /// <summary>
    /// A model away from the zeros, ones and small numbers that weights begin with, which hide mistakes and put activations
    /// at the corners of relu.
    /// </summary>
    public Model Moved()
    {
        const float reach = 0.4f;
        Model model = Initialised();
        var random = new Random(InitialSeed);
        foreach (KeyValuePair<string, Weight> weight in model.Weights.Where(weight => weight.Value.Trained))
        {
            foreach (ref float value in model.Parameters[weight.Key])
            {
                value += reach * (random.NextSingle() - 0.5f);
            }
        }

        return model;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

using HyperDsl.Benchmarks.Models;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>A recurrent layer, and the sequences it runs over.</summary>
/// <param name="Name">Its name among the cases.</param>
/// <param name="Make">Makes the compiled model.</param>
/// <param name="Units">Width of h.</param>
/// <param name="Examples">Size of the batch.</param>
/// <param name="Steps">Length of the sequences.</param>
/// <param name="HyperUnits">Width of a HyperLSTM's ĥ; 0 for an LSTM.</param>
/// <param name="Embedding">Width of a HyperLSTM's embeddings; 0 for an LSTM.</param>
public sealed record RecurrentSizes(
    string Name, Func<RecurrentModel> Make, int Units, int Examples, int Steps, int HyperUnits = 0, int Embedding = 0)
{
    /// <summary>The sizes of the paper's models and of a small one.</summary>
    public static IReadOnlyList<RecurrentSizes> All { get; } =
    [
        new("lstm-128", () => new Lstm128(), 128, 32, 50),
        new("lstm-512", () => new Lstm512(), 512, 64, 100),
        new("lstm-1000", () => new Lstm1000(), 1000, 128, 20),
        new("hyperlstm-128", () => new HyperLstm128(), 128, 32, 50, 32, 4),
        new("hyperlstm-512", () => new HyperLstm512(), 512, 64, 100, 128, 16),
        new("hyperlstm-1000", () => new HyperLstm1000(), 1000, 128, 20, 128, 4),
    ];

    /// <summary>Whether the layer is a HyperLSTM.</summary>
    public bool IsHyper => HyperUnits > 0;

    /// <summary>
    /// Floating-point operations: products with state and input; for a HyperLSTM those of the hyper cell, of the twelve embeddings and of
    /// the scalings as well.
    /// </summary>
    /// <param name="state">How often a product with a state counts: once for a loss, three times with gradients of both factors.</param>
    /// <param name="input">How often a product with the input counts, whose own gradient nobody needs.</param>
    public double Operations(double state, double input) => 2.0 * Examples * Steps * (
        (4 * Units * ((state * Units) + (input * RecurrentModel.Inputs)))
        + (4 * HyperUnits * ((state * (HyperUnits + Units)) + (input * RecurrentModel.Inputs)))
        + (state * 12.0 * Embedding * (HyperUnits + Units)));
}

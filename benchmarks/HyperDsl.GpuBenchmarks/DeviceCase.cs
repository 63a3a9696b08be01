using HyperDsl.Benchmarks.Models;
using StaticHyperNet;

namespace HyperDsl.GpuBenchmarks;

/// <summary>A model and a batch to train it on.</summary>
/// <param name="Name">Family, a hyphen, its size.</param>
/// <param name="Make">Makes the model, with weights under which every part of it counts.</param>
/// <param name="Data">Makes the batch.</param>
/// <param name="Examples">Examples of the batch.</param>
/// <param name="Steps">Steps of time; 1 without.</param>
/// <param name="Inner">Terms of the longest way of sums through one step of the network.</param>
public sealed record DeviceCase(string Name, Func<Model> Make, Func<Batch> Data, int Examples, int Steps, int Inner)
{
    private const int Seed = 1;

    private const double SingleRoundoff = 1.0 / (1 << 24);

    // Of a product both of whose factors are rounded to 11 significant bits.
    private const double TensorRoundoff = 1.0 / (1 << 10);

    /// <summary>All cases; <c>benchmarks/gpu/rivals.py</c> has the same names and sizes, and <c>--tf32</c> for those of tensor cores.</summary>
    public static IReadOnlyList<DeviceCase> All { get; } =
    [
        Recurrent("tiny-hyperlstm", () => new TinyHyperLstm(), 8, examples: 3, steps: 4),
        Convolution("tiny-conv", () => new TinyConvolution(), 2, examples: 2),
        Recurrent("lstm-128", () => new Lstm128(), 128, examples: 32, steps: 50),
        Recurrent("lstm-512", () => new Lstm512(), 512, examples: 64, steps: 100),
        Recurrent("lstm-1000", () => new Lstm1000(), 1000, examples: 128, steps: 20),
        Recurrent("hyperlstm-128", () => new HyperLstm128(), 128, examples: 32, steps: 50),
        Recurrent("hyperlstm-512", () => new HyperLstm512(), 512, examples: 64, steps: 100),
        Recurrent("hyperlstm-1000", () => new HyperLstm1000(), 1000, examples: 128, steps: 20),
        Digits("mnist-hyper", examples: 1000),
        Convolution("conv-64", () => new Convolution64(), 64, examples: 128),
        Recurrent("tf32-lstm-1000", () => new Lstm1000OnTensorCores(), 1000, examples: 128, steps: 20) with { OnTensorCores = true },
        Recurrent("tf32-hyperlstm-1000", () => new HyperLstm1000OnTensorCores(), 1000, examples: 128, steps: 20) with { OnTensorCores = true },
        Convolution("tf32-conv-64", () => new Convolution64OnTensorCores(), 64, examples: 128) with { OnTensorCores = true },
    ];

    /// <summary>Whether it needs tensor cores, and rounds as they do.</summary>
    public bool OnTensorCores { get; init; }

    /// <summary>
    /// What rounding may make of a gradient, relative to its largest element: one roundoff for each addition on the way of a value through all
    /// steps and back, and on tensor cores one of theirs for each product on that way, of which a step has at most four.
    /// </summary>
    public double Tolerance => (SingleRoundoff * Terms) + (OnTensorCores ? TensorRoundoff * 2 * 4 * Steps : 0);

    /// <summary>An upper bound for the additions on the way of a value through all steps and back, batch included.</summary>
    public int Terms => (Examples * Steps) + (2 * Steps * Inner);

    /// <summary>Whether the case is the one asked for, or of the family asked for.</summary>
    public bool Answers(string request) => Name == request || Name.StartsWith(request + "-", StringComparison.Ordinal);

    // Products with state and input, the four gates' norms, and in a HyperLSTM those of the hyper cell, which is never wider.
    private static DeviceCase Recurrent(string name, Func<Model> make, int units, int examples, int steps) => new(
        name,
        () => Filled(make()),
        () => new Batch(examples).Add("x", Numbers(examples * steps * RecurrentModel.Inputs), steps),
        examples,
        steps,
        4 * (units + RecurrentModel.Inputs));

    private static DeviceCase Digits(string name, int examples) => new(
        name,
        () => Filled(new HyperNet()),
        () => new Batch(examples)
            .Add("image", Numbers(examples * DigitNet.Side * DigitNet.Side))
            .Add("label", Labels(examples, DigitNet.Classes)),
        examples,
        Steps: 1,
        DigitNet.Side * DigitNet.Side * DigitNet.Channels);

    private static DeviceCase Convolution(string name, Func<Model> make, int channels, int examples) => new(
        name,
        () => Filled(make()),
        () => new Batch(examples)
            .Add("image", Numbers(examples * ConvolutionNet.Side * ConvolutionNet.Side * ConvolutionNet.Colours))
            .Add("label", Labels(examples, ConvolutionNet.Classes)),
        examples,
        Steps: 1,
        ConvolutionNet.Side * ConvolutionNet.Side * channels);

    private static Model Filled(Model model)
    {
        RandomWeights.Set(model, Seed);
        return model;
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static int[] Labels(int count, int classes)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))];
    }
}

using HyperDsl.Oracle;
using HyperDsl.Training;
using StaticHyperNet;
using TorchSharp;

namespace HyperDsl.Benchmarks.Cases;

/// <summary>
/// A training step of the MNIST networks: loss, gradients, clipping by norm, Adam. The rival is the same network written by hand
/// for libtorch, with autograd and its own Adam.
/// </summary>
public sealed class MnistCase : BenchmarkCase
{
    private const double Rate = 0.005;
    private readonly int examples;
    private readonly Batch batch;
    private readonly Dictionary<int, Trainer> trainers = [];
    private readonly TorchDigitNet torchNetwork;
    private readonly torch.Tensor torchImages;
    private readonly torch.Tensor torchLabels;
    private readonly double difference;

    private MnistCase(Func<DigitNet> make, int examples)
    {
        this.examples = examples;
        var random = new Random(1);
        float[] pixels = new float[examples * DigitNet.Side * DigitNet.Side];
        Array.ForEach(Enumerable.Range(0, pixels.Length).ToArray(), index => pixels[index] = random.NextSingle());
        int[] labels = [.. Enumerable.Range(0, examples).Select(_ => random.Next(DigitNet.Classes))];
        batch = new Batch(examples).Add("image", pixels).Add("label", labels);
        torchImages = torch.tensor(pixels).reshape(examples, 1, DigitNet.Side, DigitNet.Side);
        torchLabels = torch.tensor(Array.ConvertAll(labels, label => (long)label));

        foreach (int threads in ThreadCounts)
        {
            DigitNet network = make();
            network.Threads = threads;
            network.Initialise(seed: 1);
            trainers.Add(threads, new Trainer(network, new Adam(Rate) { ClipNorm = 100 }));
        }

        DigitNet first = make();
        first.Initialise(seed: 1);
        torchNetwork = new TorchDigitNet(
            first.Weights.Select(weight => KeyValuePair.Create(weight.Key, first.Parameters[weight.Key].ToArray())), torch.ScalarType.Float32);
        using torch.Tensor loss = torchNetwork.Loss(torchImages, torchLabels);
        difference = Math.Abs(((double)first.Loss(nameof(DigitNet.Loss), batch) / loss.item<float>()) - 1);
    }

    /// <summary>Both networks at two batch sizes.</summary>
    public static IEnumerable<NamedCase> All { get; } = [.. new[] { 1000, 64 }.SelectMany(examples => new NamedCase[]
    {
        new($"mnist-plain-{examples}", () => new MnistCase(() => new PlainNet(), examples)),
        new($"mnist-hyper-{examples}", () => new MnistCase(() => new HyperNet(), examples)),
    })];

    /// <inheritdoc/>
    public override string Rival => "TorchSharp 0.107.0 autograd and Adam";

    /// <inheritdoc/>
    public override double Operations => examples * (
        (2 * Convolution(DigitNet.Side, 1)) + (3 * Convolution(DigitNet.Side / 2, DigitNet.Channels))
        + (3 * 2.0 * DigitNet.Side * DigitNet.Side / 16 * DigitNet.Channels * DigitNet.Classes));

    /// <inheritdoc/>
    public override void RunOurs(int threads) => trainers[threads].Step(batch);

    /// <inheritdoc/>
    public override void RunRival() => torchNetwork.Step(torchImages, torchLabels, Rate);

    /// <summary>Of the losses before training.</summary>
    public override double? RelativeDifference() => difference;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        torchNetwork.Dispose();
        torchImages.Dispose();
        torchLabels.Dispose();
    }

    private static double Convolution(int side, int inputs) =>
        2.0 * side * side * DigitNet.KernelSize * DigitNet.KernelSize * inputs * DigitNet.Channels;
}

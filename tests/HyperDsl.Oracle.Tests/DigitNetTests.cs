using StaticHyperNet;
using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>The sample's compiled networks against the same networks written by hand for libtorch.</summary>
public sealed class DigitNetTests : TorchTest
{
    private const double SingleRoundoff = 1.0 / (1 << 24);

    // Longest chain of sums: a gradient over all examples and places of a kernel's element, after a 7×7×16 convolution.
    private const int Terms = (DigitNet.Side * DigitNet.Side) + (DigitNet.KernelSize * DigitNet.KernelSize * DigitNet.Channels);

    [SkippableTheory]
    [InlineData(false, 5)]
    [InlineData(true, 5)]
    [InlineData(true, 37)]
    public void Loss_and_gradients_agree_with_libtorch(bool hyper, int examples)
    {
        DigitNet ours = Initialised(hyper);
        Batch batch = Examples(examples, out torch.Tensor images, out torch.Tensor labels);
        using TorchDigitNet theirs = Twin(ours);
        var gradients = new GradientStore(ours.Parameters);

        double loss = ours.LossAndGradient(nameof(DigitNet.Loss), batch, gradients);
        torch.Tensor theirLoss = theirs.Loss(images.to(torch.float64), labels);
        theirLoss.backward();

        Assert.InRange(loss / theirLoss.item<double>(), 1 - (Terms * SingleRoundoff), 1 + (Terms * SingleRoundoff));
        foreach ((string name, double[] expected) in theirs.Gradients())
        {
            double scale = expected.Max(Math.Abs);
            TorchReferee.AssertClose(
                Array.ConvertAll(gradients[name].ToArray(), value => (double)value), expected, _ => Terms * SingleRoundoff * scale);
        }
    }

    [SkippableTheory]
    [InlineData(false, 21_210, 12_544)]
    [InlineData(true, 12_910, 4_244)]
    public void Parameter_counts_are_those_of_the_notebook(bool hyper, int total, int second)
    {
        DigitNet network = Initialised(hyper);
        Assert.Equal(total, network.ParameterCount);
        Assert.Equal(second, network.SecondKernelParameters);
    }

    [SkippableFact]
    public void Results_have_the_same_bits_for_any_number_of_threads()
    {
        Batch batch = Examples(70, out _, out _);
        float[] one = Gradients(1), three = Gradients(3);
        Assert.Equal(one, three);

        float[] Gradients(int threads)
        {
            DigitNet network = Initialised(hyper: true);
            network.Threads = threads;
            var gradients = new GradientStore(network.Parameters);
            network.LossAndGradient(nameof(DigitNet.Loss), batch, gradients);
            return gradients.Values.ToArray();
        }
    }

    private static DigitNet Initialised(bool hyper)
    {
        DigitNet network = hyper ? new HyperNet() : new PlainNet();
        network.Initialise(seed: 3);
        return network;
    }

    private static TorchDigitNet Twin(DigitNet network) => new(
        network.Weights.Select(weight => KeyValuePair.Create(weight.Key, network.Parameters[weight.Key].ToArray())), torch.float64);

    private static Batch Examples(int count, out torch.Tensor images, out torch.Tensor labels)
    {
        var random = new Random(5);
        float[] pixels = [.. Enumerable.Range(0, count * DigitNet.Side * DigitNet.Side).Select(_ => random.NextSingle())];
        int[] classes = [.. Enumerable.Range(0, count).Select(_ => random.Next(DigitNet.Classes))];
        images = torch.tensor(pixels).reshape(count, 1, DigitNet.Side, DigitNet.Side);
        labels = torch.tensor(Array.ConvertAll(classes, value => (long)value));
        return new Batch(count).Add("image", pixels).Add("label", classes);
    }
}

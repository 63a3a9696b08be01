using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class CompositeTests : TorchTest
{
    private const int Examples = 6;

    [SkippableTheory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    public void Layer_norm_has_epsilon_inside_the_root(double epsilon)
    {
        Tensor x = BatchBetween(1, Examples, -0.1, 0.1, 4, 11), gain = Values(2, 11), shift = Values(3, 11);
        torch.Tensor theirs = torch.nn.functional.layer_norm(ToTorch(x), [11], ToTorch(gain), ToTorch(shift), epsilon);
        AssertEqual(LayerNorm(x, gain, shift, epsilon), theirs, length: 11);
    }

    [SkippableFact]
    public void Cross_entropy_in_nats_and_bits()
    {
        Tensor logits = BatchBetween(4, Examples, -20, 20, 5);
        Label label = Label.OfBatch([4, 0, 2, 2, 1, 3], classes: 5);
        torch.Tensor theirs = torch.nn.functional.cross_entropy(
            ToTorch(logits), torch.tensor([4L, 0L, 2L, 2L, 1L, 3L]), reduction: torch.nn.Reduction.None);
        AssertEqual(CrossEntropy(logits, label), theirs, length: 5);
        AssertEqual(CrossEntropyBits(logits, label), theirs / Math.Log(2), length: 5);
    }

    [SkippableFact]
    public void Mean_squared_error_of_each_example()
    {
        Tensor prediction = Batch(5, Examples, 3, 4), target = Batch(6, Examples, 3, 4);
        torch.Tensor squares = torch.nn.functional.mse_loss(ToTorch(prediction), ToTorch(target), torch.nn.Reduction.None);
        AssertEqual(MeanSquaredError(prediction, target), squares.mean([1, 2]), length: 12);
    }

    [SkippableFact]
    public void Variance_is_biased()
    {
        Tensor x = Batch(7, Examples, 3, 8);
        AssertEqual(Variance(x, [-1]), torch.var(ToTorch(x), dimensions: -1, unbiased: false), length: 8);
    }

    [SkippableFact]
    public void Batch_statistics_are_those_of_batch_norm()
    {
        Tensor x = Batch(8, Examples, 3);
        torch.Tensor theirs = torch.nn.functional.batch_norm(
            ToTorch(x), torch.zeros(3, torch.float64), torch.ones(3, torch.float64), training: true, eps: 1e-5);
        using (Mode.Enter(training: true, examples: Examples))
        {
            AssertEqual((x - BatchMean(x)) / Sqrt(BatchVariance(x) + 1e-5), theirs, length: Examples);
        }
    }

    [SkippableFact]
    public void Diagonal_and_outer_product()
    {
        Tensor a = Batch(9, Examples, 4), b = Batch(10, Examples, 5);
        AssertEachEqual(Diag(a), torch.diag_embed(ToTorch(a)));
        AssertEachEqual(Outer(a, b), torch.einsum("zi,zj->zij", ToTorch(a), ToTorch(b)));
    }

    [SkippableTheory]
    [InlineData(7)]
    [InlineData(4)]
    public void Same_padding_is_that_of_libtorch(int size)
    {
        Tensor x = Batch(11, Examples, 9, 8, 2), kernel = Values(12, size, size, 2, 3);
        using TorchSharp.Modules.Conv2d theirs = torch.nn.Conv2d(2, 3, size, padding: TorchSharp.Padding.Same, bias: false);
        theirs.weight = new TorchSharp.Modules.Parameter(KernelToTorch(kernel), requires_grad: false);
        AssertEqual(Conv2d(x, kernel), FromImages(theirs.call(ImagesToTorch(x))), length: size * size * 2);
    }
}

using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class ReductionTests : TorchTest
{
    private const int Examples = 3;
    private static readonly int[] Sizes = [4, 5, 6];

    public static TheoryData<int[], bool> Axes => new()
    {
        { [0], false }, { [1], false }, { [-1], true }, { [0, 2], false }, { [1, -1], true }, { [0, 1, 2], false },
    };

    [SkippableTheory]
    [MemberData(nameof(Axes))]
    public void Sum_over_axes(int[] axes, bool keep)
    {
        Tensor x = Batch(seed: 1, Examples, Sizes);
        AssertEqual(Sum(x, axes, keep), ToTorch(x).sum(TorchAxes(axes), keep), length: Terms(axes));
    }

    [SkippableTheory]
    [MemberData(nameof(Axes))]
    public void Mean_over_axes(int[] axes, bool keep)
    {
        Tensor x = Batch(seed: 2, Examples, Sizes);
        AssertEqual(Mean(x, axes, keep), ToTorch(x).mean(TorchAxes(axes), keep), length: Terms(axes));
    }

    [SkippableTheory]
    [MemberData(nameof(Axes))]
    public void Max_over_axes(int[] axes, bool keep)
    {
        Tensor x = Batch(seed: 3, Examples, Sizes);
        AssertEqual(Max(x, axes, keep), ToTorch(x).amax(TorchAxes(axes), keep));
    }

    [SkippableFact]
    public void Sum_of_all_elements_leaves_the_batch()
    {
        Tensor x = Batch(seed: 4, Examples, Sizes);
        AssertEqual(Sum(x), ToTorch(x).sum([1, 2, 3]), length: x.Count);
    }

    [SkippableFact]
    public void Softmax_and_its_logarithm()
    {
        Tensor x = BatchBetween(seed: 5, Examples, -30, 30, 4, 11);
        AssertEqual(Softmax(x), torch.nn.functional.softmax(ToTorch(x), -1), length: 11);
        AssertEqual(LogSoftmax(x), torch.nn.functional.log_softmax(ToTorch(x), -1), length: 11);
    }

    [SkippableFact]
    public void Logarithm_of_a_sum_of_exponentials_does_not_overflow()
    {
        Tensor x = BatchBetween(seed: 6, Examples, -2000, 2000, 4, 11);
        AssertEqual(LogSumExp(x), torch.logsumexp(ToTorch(x), -1), length: 11);
    }

    private static long[] TorchAxes(int[] axes) => [.. axes.Select(axis => axis < 0 ? axis : axis + 1L)];

    private static int Terms(int[] axes) => axes.Aggregate(1, (product, axis) => product * Sizes[axis < 0 ? axis + Sizes.Length : axis]);
}

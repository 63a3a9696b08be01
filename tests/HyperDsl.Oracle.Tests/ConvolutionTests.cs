using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class ConvolutionTests : TorchTest
{
    private const int Examples = 3;

    public static TheoryData<int[], int[], int[], int[], int> Convolutions => new()
    {
        // image [h, w, c], kernel [h, w, in / groups, out], strides, padding [top, bottom, left, right], groups
        { [8, 8, 3], [3, 3, 3, 4], [1, 1], [0, 0, 0, 0], 1 },
        { [8, 8, 3], [3, 3, 3, 4], [1, 1], [1, 1, 1, 1], 1 },
        { [14, 14, 2], [7, 7, 2, 3], [1, 1], [3, 3, 3, 3], 1 },
        { [9, 7, 2], [3, 3, 2, 4], [2, 2], [1, 1, 1, 1], 1 },
        { [9, 10, 2], [2, 4, 2, 3], [2, 3], [0, 0, 1, 1], 1 },
        { [8, 8, 2], [4, 4, 2, 3], [1, 1], [1, 2, 1, 2], 1 },
        { [7, 9, 3], [3, 2, 3, 2], [2, 1], [0, 1, 2, 0], 1 },
        { [6, 6, 4], [3, 3, 2, 6], [1, 1], [1, 1, 1, 1], 2 },
        { [6, 6, 4], [3, 3, 1, 4], [2, 2], [1, 1, 1, 1], 4 },
        { [5, 5, 3], [1, 1, 3, 5], [1, 1], [0, 0, 0, 0], 1 },
        { [5, 5, 3], [5, 5, 3, 2], [1, 1], [0, 0, 0, 0], 1 },
    };

    [SkippableTheory]
    [MemberData(nameof(Convolutions))]
    public void Convolve_is_a_cross_correlation(int[] image, int[] kernel, int[] stride, int[] padding, int groups)
    {
        Tensor x = Batch(1, Examples, image), weight = Values(2, kernel);
        torch.Tensor padded = PadImages(ImagesToTorch(x), padding, 0);
        torch.Tensor theirs = torch.nn.functional.conv2d(
            padded, KernelToTorch(weight), strides: [stride[0], stride[1]], groups: groups);
        AssertEqual(Apply(x, weight, stride, padding, groups), FromImages(theirs), Terms(kernel));
    }

    [SkippableTheory]
    [MemberData(nameof(Convolutions))]
    public void Each_example_can_have_its_own_kernel(int[] image, int[] kernel, int[] stride, int[] padding, int groups)
    {
        Tensor x = Batch(3, Examples, image), weights = Batch(4, Examples, kernel);
        torch.Tensor padded = PadImages(ImagesToTorch(x), padding, 0);
        torch.Tensor kernels = ToTorch(weights);
        torch.Tensor[] theirs = [.. Enumerable.Range(0, Examples).Select(example => torch.nn.functional.conv2d(
            padded.narrow(0, example, 1),
            kernels.select(0, example).permute(3, 2, 0, 1).contiguous(),
            strides: [stride[0], stride[1]],
            groups: groups))];
        AssertEqual(Apply(x, weights, stride, padding, groups), FromImages(torch.cat(theirs)), Terms(kernel));
    }

    public static TheoryData<int[], int[], int[], int[]> Poolings => new()
    {
        // image, window, strides, padding
        { [8, 8, 3], [2, 2], [2, 2], [0, 0, 0, 0] },
        { [7, 9, 2], [3, 3], [2, 2], [1, 1, 1, 1] },
        { [9, 6, 2], [3, 2], [1, 2], [0, 0, 0, 0] },
        { [8, 8, 2], [3, 3], [2, 2], [0, 1, 0, 1] },
        { [7, 7, 4], [7, 7], [7, 7], [0, 0, 0, 0] },
    };

    [SkippableTheory]
    [MemberData(nameof(Poolings))]
    public void Max_pooling_ignores_padding(int[] image, int[] window, int[] stride, int[] padding)
    {
        Tensor x = BatchBetween(5, Examples, -2, -1, image);
        torch.Tensor padded = PadImages(ImagesToTorch(x), padding, double.NegativeInfinity);
        torch.Tensor theirs = torch.nn.functional.max_pool2d(padded, [window[0], window[1]], [stride[0], stride[1]]);
        Tensor ours = MaxPool(x, window[0], window[1], stride[0], stride[1], padding[0], padding[1], padding[2], padding[3]);
        AssertEqual(ours, FromImages(theirs));
    }

    [SkippableTheory]
    [MemberData(nameof(Poolings))]
    public void Average_pooling_does_not_count_padding(int[] image, int[] window, int[] stride, int[] padding)
    {
        Tensor x = Batch(6, Examples, image);
        torch.Tensor images = ImagesToTorch(x);
        torch.Tensor sums = Averages(PadImages(images, padding, 0));
        torch.Tensor shares = Averages(PadImages(torch.ones_like(images), padding, 0));
        Tensor ours = AveragePool(x, window[0], window[1], stride[0], stride[1], padding[0], padding[1], padding[2], padding[3]);
        AssertEqual(ours, FromImages(sums / shares), length: window[0] * window[1]);

        torch.Tensor Averages(torch.Tensor padded) =>
            torch.nn.functional.avg_pool2d(padded, [window[0], window[1]], [stride[0], stride[1]]);
    }

    private static Tensor Apply(Tensor image, Tensor kernel, int[] stride, int[] padding, int groups) =>
        Convolve(image, kernel, stride[0], stride[1], padding[0], padding[1], padding[2], padding[3], groups);

    private static torch.Tensor PadImages(torch.Tensor images, int[] padding, double value) =>
        torch.nn.functional.pad(images, [padding[2], padding[3], padding[0], padding[1]], PaddingModes.Constant, value);

    private static int Terms(int[] kernel) => kernel[0] * kernel[1] * kernel[2];
}

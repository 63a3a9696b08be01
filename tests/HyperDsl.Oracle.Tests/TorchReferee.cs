using TorchSharp;

namespace HyperDsl.Oracle;

/// <summary>
/// Carries values between HyperDsl and libtorch, in double precision, and judges. HyperDsl keeps images as
/// [height, width, channels] and kernels as [height, width, in, out]; libtorch as [channels, height, width] and
/// [out, in, height, width]. A batch is libtorch's first axis.
/// </summary>
public static class TorchReferee
{
    /// <summary>Unit roundoff of double precision.</summary>
    public const double UnitRoundoff = 1.0 / (1L << 53);

    /// <summary>Numbers from −1 to 1 that depend on the seed only; equal for every example.</summary>
    public static Tensor Values(int seed, params int[] shape) => Tensor.Of(Numbers(seed, Count(shape), -1, 1), shape);

    /// <summary>Numbers from <paramref name="low"/> to <paramref name="high"/> for each example of a batch.</summary>
    public static Tensor BatchBetween(int seed, int examples, double low, double high, params int[] shape) =>
        Tensor.OfBatch(examples, Numbers(seed, examples * Count(shape), low, high), shape);

    /// <summary>Numbers from −1 to 1 for each example of a batch.</summary>
    public static Tensor Batch(int seed, int examples, params int[] shape) => BatchBetween(seed, examples, -1, 1, shape);

    /// <summary>The same values in libtorch, the batch first.</summary>
    public static torch.Tensor ToTorch(Tensor value) =>
        torch.tensor(value.ToArray(), dtype: torch.float64).reshape(Sizes(value));

    /// <summary>Images [height, width, channels] as libtorch wants them; a batch of 1 where the value has none.</summary>
    public static torch.Tensor ImagesToTorch(Tensor images)
    {
        torch.Tensor same = ToTorch(images);
        return (images.Examples is null ? same.unsqueeze(0) : same).permute(0, 3, 1, 2).contiguous();
    }

    /// <summary>A kernel [height, width, in, out] as libtorch wants it.</summary>
    public static torch.Tensor KernelToTorch(Tensor kernel) => ToTorch(kernel).permute(3, 2, 0, 1).contiguous();

    /// <summary>Images of libtorch in HyperDsl's order of axes, the batch first.</summary>
    public static torch.Tensor FromImages(torch.Tensor images) => images.permute(0, 2, 3, 1).contiguous();

    /// <summary>A weight or gradient of libtorch, [out, in, height, width], in HyperDsl's order of axes.</summary>
    public static torch.Tensor FromKernel(torch.Tensor kernel) => kernel.permute(2, 3, 1, 0).contiguous();

    /// <summary>
    /// Fails unless shapes are equal and each pair differs by at most
    /// <paramref name="factor"/> · <paramref name="length"/> · u · max(1, largest magnitude): for results of sums.
    /// </summary>
    /// <param name="ours">HyperDsl's result.</param>
    /// <param name="theirs">libtorch's result in the same order of elements.</param>
    /// <param name="length">Terms of the longest sum behind an element.</param>
    /// <param name="factor">Roundings a term, both sides together.</param>
    public static void AssertEqual(Tensor ours, torch.Tensor theirs, int length = 1, double factor = 8)
    {
        Assert.Equal(theirs.shape, Sizes(ours));
        double[] expected = ToArray(theirs);
        double scale = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        AssertClose(ours.ToArray(), expected, _ => factor * length * UnitRoundoff * scale);
    }

    /// <summary>
    /// Fails unless shapes are equal and each pair differs by at most <paramref name="factor"/> · u · its own magnitude: for
    /// functions of single elements.
    /// </summary>
    /// <param name="ours">HyperDsl's result.</param>
    /// <param name="theirs">libtorch's result in the same order of elements.</param>
    /// <param name="factor">Error of both sides together, in units of roundoff.</param>
    public static void AssertEachEqual(Tensor ours, torch.Tensor theirs, double factor = 8)
    {
        Assert.Equal(theirs.shape, Sizes(ours));
        AssertClose(ours.ToArray(), ToArray(theirs), expected => factor * UnitRoundoff * Math.Abs(expected));
    }

    /// <summary>Fails unless each pair differs by no more than allowed for libtorch's element.</summary>
    public static void AssertClose(double[] ours, double[] theirs, Func<double, double> tolerance)
    {
        Assert.Equal(theirs.Length, ours.Length);
        for (int i = 0; i < ours.Length; i++)
        {
            Assert.True(
                ours[i].Equals(theirs[i]) || Math.Abs(ours[i] - theirs[i]) <= tolerance(theirs[i]),
                $"Element {i}: {ours[i]:R} here, {theirs[i]:R} in libtorch; allowed difference {tolerance(theirs[i]):E2}.");
        }
    }

    /// <summary>The elements of a libtorch tensor, row-major.</summary>
    public static double[] ToArray(torch.Tensor value) => value.to(torch.float64).contiguous().data<double>().ToArray();

    private static double[] Numbers(int seed, int count, double low, double high)
    {
        var random = new Random(seed);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = low + ((high - low) * random.NextDouble());
        }

        return numbers;
    }

    private static long[] Sizes(Tensor value) =>
        [.. value.Examples is int examples ? [examples] : Array.Empty<long>(), .. value.Shape.Select(size => (long)size)];

    private static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);
}

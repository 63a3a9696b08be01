using System.Numerics;
using Xunit;

namespace HyperDsl.Cpu;

public unsafe class ConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int> Shapes => new()
    {
        // height, width, inputs, outputs, kernel height, kernel width, stride y, stride x, groups
        { 5, 6, 1, 1, 3, 3, 1, 1, 1 },
        { 8, 9, 1, 16, 7, 7, 1, 1, 1 },
        { 34, 34, 1, 16, 7, 7, 1, 1, 1 },
        { 20, 20, 16, 16, 7, 7, 1, 1, 1 },
        { 9, 12, 3, 17, 3, 2, 1, 1, 1 },
        { 10, 10, 5, 40, 3, 3, 1, 1, 1 },
        { 7, 7, 32, 32, 3, 3, 1, 1, 1 },
        { 11, 13, 4, 10, 3, 5, 2, 3, 1 },
        { 12, 9, 8, 16, 1, 1, 2, 2, 1 },
        { 6, 5, 7, 33, 1, 1, 1, 1, 1 },
        { 9, 9, 6, 12, 3, 3, 1, 1, 3 },
        { 9, 8, 32, 64, 3, 3, 2, 1, 2 },
        { 8, 8, 20, 20, 3, 3, 1, 1, 20 },
        { 9, 13, 16, 16, 3, 3, 2, 2, 16 },
        { 7, 10, 35, 35, 2, 4, 1, 1, 35 },
        { 7, 9, 4, 8, 3, 3, 1, 1, 4 },
        { 6, 6, 1, 5, 1, 1, 1, 1, 1 },
        { 4, 600, 2, 3, 2, 3, 1, 1, 1 },
        { 3, 3, 4, 6, 3, 3, 1, 1, 1 },
        { 40, 5, 2, 24, 4, 4, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void CorrelationAgreesWithItsDefinition(int h, int w, int i, int o, int kh, int kw, int sy, int sx, int g)
    {
        var shape = new CorrelationShape(h, w, i, o, kh, kw, sy, sx, g);
        CheckForward<float>(shape, accumulate: false);
        CheckForward<float>(shape, accumulate: true);
        CheckForward<double>(shape, accumulate: true);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KernelGradientAgreesWithItsDefinition(int h, int w, int i, int o, int kh, int kw, int sy, int sx, int g)
    {
        var shape = new CorrelationShape(h, w, i, o, kh, kw, sy, sx, g);
        CheckKernelGradient<float>(shape);
        CheckKernelGradient<double>(shape);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ImageGradientAgreesWithItsDefinition(int h, int w, int i, int o, int kh, int kw, int sy, int sx, int g)
    {
        var shape = new CorrelationShape(h, w, i, o, kh, kw, sy, sx, g);
        CheckImageGradient<float>(shape);
        CheckImageGradient<double>(shape);
    }

    [Fact]
    public void ImpossibleShapesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new CorrelationShape(2, 5, 1, 1, 3, 3));
        Assert.Throws<ArgumentException>(() => new CorrelationShape(5, 5, 3, 4, 3, 3, groups: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelationShape(5, 5, 3, 4, 3, 3, strideX: 0));
    }

    private static void CheckForward<T>(CorrelationShape shape, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        using var image = Image<T>(shape);
        using var kernel = Kernel<T>(shape);
        using var result = GuardedMemory<T>.Random(ResultSize(shape), 3);
        using var packed = GuardedMemory<T>.Random(Convolution.PackedKernelSize<T>(shape), 4);
        var expected = accumulate ? result.ToArray() : new double[result.Length];
        var magnitude = Array.ConvertAll(expected, Math.Abs);
        Convolution.PackKernel(shape, kernel.Pointer, packed.Pointer);
        Convolution.Correlate(shape, image.Pointer, packed.Pointer, result.Pointer, accumulate);
        var (x, w) = (image.ToArray(), kernel.ToArray());
        ForEachProduct(shape, (pixel, weight, output) => Add(expected, magnitude, output, x[pixel] * w[weight]));
        Compare(shape, expected, result, magnitude, shape.KernelHeight * shape.KernelWidth * shape.GroupInputs);
    }

    private static void CheckKernelGradient<T>(CorrelationShape shape)
        where T : unmanaged, INumber<T>
    {
        using var image = Image<T>(shape);
        using var gradient = GuardedMemory<T>.Random(ResultSize(shape), 3);
        using var kernelGradient = Kernel<T>(shape);
        var expected = kernelGradient.ToArray();
        var magnitude = Array.ConvertAll(expected, Math.Abs);
        Convolution.KernelGradient(shape, image.Pointer, gradient.Pointer, kernelGradient.Pointer);
        var (x, dy) = (image.ToArray(), gradient.ToArray());
        ForEachProduct(shape, (pixel, weight, output) => Add(expected, magnitude, weight, x[pixel] * dy[output]));
        Compare(shape, expected, kernelGradient, magnitude, shape.OutputHeight * shape.OutputWidth);
    }

    private static void CheckImageGradient<T>(CorrelationShape shape)
        where T : unmanaged, INumber<T>
    {
        var backward = shape.InputGradient();
        using var kernel = Kernel<T>(shape);
        using var gradient = GuardedMemory<T>.Random(ResultSize(shape), 3);
        using var dilated = new GuardedMemory<T>((long)backward.InputHeight * backward.InputWidth * backward.InputChannels);
        using var packed = GuardedMemory<T>.Random(Convolution.PackedKernelFlippedSize<T>(shape), 4);
        using var imageGradient = Image<T>(shape);
        Dilate(shape, backward, gradient, dilated);
        Convolution.PackKernelFlipped(shape, kernel.Pointer, packed.Pointer);
        Convolution.Correlate(backward, dilated.Pointer, packed.Pointer, imageGradient.Pointer, accumulate: false);
        var expected = new double[imageGradient.Length];
        var magnitude = new double[imageGradient.Length];
        var (w, dy) = (kernel.ToArray(), gradient.ToArray());
        ForEachProduct(shape, (pixel, weight, output) => Add(expected, magnitude, pixel, w[weight] * dy[output]));
        Compare(shape, expected, imageGradient, magnitude, shape.KernelHeight * shape.KernelWidth * shape.GroupOutputs);
    }

    private static void Dilate<T>(CorrelationShape shape, CorrelationShape backward, GuardedMemory<T> gradient, GuardedMemory<T> dilated)
        where T : unmanaged, INumber<T>
    {
        for (var index = 0; index < gradient.Length; index++)
        {
            var (pixel, o) = (index / shape.OutputChannels, index % shape.OutputChannels);
            var y = (pixel / shape.OutputWidth * shape.StrideY) + shape.KernelHeight - 1;
            var x = (pixel % shape.OutputWidth * shape.StrideX) + shape.KernelWidth - 1;
            dilated[(((y * backward.InputWidth) + x) * shape.OutputChannels) + o] = gradient[index];
        }
    }

    private static GuardedMemory<T> Image<T>(CorrelationShape shape)
        where T : unmanaged, INumber<T>
        => GuardedMemory<T>.Random((long)shape.InputHeight * shape.InputWidth * shape.InputChannels, 1);

    private static GuardedMemory<T> Kernel<T>(CorrelationShape shape)
        where T : unmanaged, INumber<T>
        => GuardedMemory<T>.Random((long)shape.KernelHeight * shape.KernelWidth * shape.GroupInputs * shape.OutputChannels, 2);

    private static long ResultSize(CorrelationShape shape) => (long)shape.OutputHeight * shape.OutputWidth * shape.OutputChannels;

    private static void Add(double[] sums, double[] magnitudes, int index, double product)
    {
        sums[index] += product;
        magnitudes[index] += Math.Abs(product);
    }

    private static void Compare<T>(CorrelationShape shape, double[] expected, GuardedMemory<T> actual, double[] magnitude, int terms)
        where T : unmanaged, INumber<T>
    {
        for (var index = 0; index < expected.Length; index++)
        {
            Rounding.AssertSum<T>(
                expected[index], actual[index], terms, magnitude[index], $"{shape.KernelHeight} × {shape.KernelWidth}, element {index}");
        }
    }

    /// <summary>Calls with the indices of a pixel, a weight and an output for every product of the definition.</summary>
    private static void ForEachProduct(CorrelationShape shape, Action<int, int, int> visit)
    {
        for (var output = 0; output < ResultSize(shape); output++)
        {
            var (pixel, o) = (output / shape.OutputChannels, output % shape.OutputChannels);
            var (y, x) = (pixel / shape.OutputWidth * shape.StrideY, pixel % shape.OutputWidth * shape.StrideX);
            var group = o / shape.GroupOutputs;
            for (var tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                var (ky, kx) = (tap / shape.KernelWidth, tap % shape.KernelWidth);
                var source = ((((y + ky) * shape.InputWidth) + x + kx) * shape.InputChannels) + (group * shape.GroupInputs);
                for (var i = 0; i < shape.GroupInputs; i++)
                {
                    visit(source + i, (((tap * shape.GroupInputs) + i) * shape.OutputChannels) + o, output);
                }
            }
        }
    }
}

using System.Numerics;
using Xunit;

namespace HyperDsl.Cpu;

public unsafe class PoolingTests
{
    public static TheoryData<int, int, int, int[]> Shapes => new()
    {
        // height, width, channels, (size y, size x, stride y, stride x, top, bottom, left, right)
        { 4, 4, 1, [2, 2, 2, 2, 0, 0, 0, 0] },
        { 7, 5, 16, [3, 2, 2, 1, 1, 0, 1, 1] },
        { 6, 6, 17, [3, 3, 1, 1, 1, 1, 1, 1] },
        { 5, 9, 35, [2, 3, 3, 2, 1, 1, 2, 2] },
        { 8, 8, 7, [8, 8, 1, 1, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PoolingAgreesWithItsDefinition(int h, int w, int c, int[] p)
    {
        var shape = new PoolShape(h, w, c, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
        Check<float>(shape);
        Check<double>(shape);
    }

    [Fact]
    public void TheFirstMaximumGetsTheGradient()
    {
        var shape = new PoolShape(2, 2, 1, 2, 2, 2, 2);
        using var image = new GuardedMemory<float>(4);
        (image[0], image[1], image[2], image[3]) = (1, 5, 5, 5);
        using var gradient = new GuardedMemory<float>(1) { [0] = 3 };
        using var imageGradient = GuardedMemory<float>.Random(4, 1);
        Pooling.MaxPoolGradient(shape, image.Pointer, gradient.Pointer, imageGradient.Pointer);
        Assert.Equal([0, 3, 0, 0], imageGradient.ToArray());
    }

    [Fact]
    public void NaNWinsAMaximumAndGetsTheGradient()
    {
        var shape = new PoolShape(1, 3, 1, 1, 3, 1, 1);
        using var image = new GuardedMemory<double>(3);
        (image[0], image[1], image[2]) = (9, double.NaN, 1);
        using var result = new GuardedMemory<double>(1);
        Pooling.MaxPool(shape, image.Pointer, result.Pointer);
        Assert.True(double.IsNaN(result[0]));
        using var gradient = new GuardedMemory<double>(1) { [0] = 2 };
        using var imageGradient = new GuardedMemory<double>(3);
        Pooling.MaxPoolGradient(shape, image.Pointer, gradient.Pointer, imageGradient.Pointer);
        Assert.Equal([0, 2, 0], imageGradient.ToArray());
    }

    [Fact]
    public void PaddingNeverWinsAMaximum()
    {
        var shape = new PoolShape(1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1);
        using var image = new GuardedMemory<float>(1) { [0] = -7 };
        using var result = new GuardedMemory<float>(4);
        Pooling.MaxPool(shape, image.Pointer, result.Pointer);
        Assert.Equal([-7, -7, -7, -7], result.ToArray());
        Pooling.AveragePool(shape, image.Pointer, result.Pointer);
        Assert.Equal([-7, -7, -7, -7], result.ToArray());
    }

    [Fact]
    public void WindowsOutsideTheImageAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new PoolShape(4, 4, 1, 2, 2, 2, 2, top: 2));
        Assert.Throws<ArgumentException>(() => new PoolShape(1, 4, 1, 3, 2, 2, 2));
    }

    private static void Check<T>(PoolShape shape)
        where T : unmanaged, INumber<T>
    {
        var outputs = shape.OutputHeight * shape.OutputWidth * shape.Channels;
        using var image = GuardedMemory<T>.Random((long)shape.InputHeight * shape.InputWidth * shape.Channels, 1);
        using var gradient = GuardedMemory<T>.Random(outputs, 2);
        using var maxima = GuardedMemory<T>.Random(outputs, 3);
        using var means = GuardedMemory<T>.Random(outputs, 4);
        using var maxGradient = GuardedMemory<T>.Random(image.Length, 5);
        using var meanGradient = GuardedMemory<T>.Random(image.Length, 6);
        Pooling.MaxPool(shape, image.Pointer, maxima.Pointer);
        Pooling.AveragePool(shape, image.Pointer, means.Pointer);
        Pooling.MaxPoolGradient(shape, image.Pointer, gradient.Pointer, maxGradient.Pointer);
        Pooling.AveragePoolGradient(shape, gradient.Pointer, meanGradient.Pointer);
        var (expectedMax, expectedMean, magnitude) = (new double[image.Length], new double[image.Length], new double[image.Length]);
        for (var output = 0; output < outputs; output++)
        {
            var window = Window(shape, output);
            var best = window.MaxBy(index => image[index]);
            Assert.Equal(image[best], maxima[output]);
            Rounding.AssertSum<T>(
                window.Average(index => image[index]),
                means[output],
                window.Count,
                window.Average(index => Math.Abs(image[index])),
                $"mean {output}");
            expectedMax[best] += gradient[output];
            foreach (var index in window)
            {
                expectedMean[index] += gradient[output] / window.Count;
                magnitude[index] += Math.Abs(gradient[output]);
            }
        }

        for (var index = 0; index < image.Length; index++)
        {
            var terms = shape.SizeY * shape.SizeX;
            Rounding.AssertSum<T>(expectedMax[index], maxGradient[index], terms, magnitude[index], $"gradient of maximum {index}");
            Rounding.AssertSum<T>(expectedMean[index], meanGradient[index], terms, magnitude[index], $"gradient of mean {index}");
        }
    }

    private static List<int> Window(PoolShape shape, int output)
    {
        var (pixel, channel) = (output / shape.Channels, output % shape.Channels);
        var indices = new List<int>();
        for (var ky = 0; ky < shape.SizeY; ky++)
        {
            for (var kx = 0; kx < shape.SizeX; kx++)
            {
                var y = (pixel / shape.OutputWidth * shape.StrideY) + ky - shape.Top;
                var x = (pixel % shape.OutputWidth * shape.StrideX) + kx - shape.Left;
                if (y >= 0 && y < shape.InputHeight && x >= 0 && x < shape.InputWidth)
                {
                    indices.Add((((y * shape.InputWidth) + x) * shape.Channels) + channel);
                }
            }
        }

        return indices;
    }
}

using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ConvolutionTests
{
    [Fact]
    public void Correlation_on_literal_values()
    {
        Tensor image = Tensor.Of([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3, 1);
        Tensor kernel = Tensor.Of([1, 0, 0, -1], 2, 2, 1, 1);

        Assert.Equal([-4, -4, -4, -4], Conv2d(image, kernel, padding: Padding.Valid).ToArray());
        Assert.Equal([-4, -4, 3, -4, -4, 6, 7, 8, 9], Conv2d(image, kernel).ToArray());
        Assert.Equal([-1, -3, -7, -4], Conv2d(image, kernel, stride: 2, padding: Padding.Explicit(1, 0, 1, 0)).ToArray());
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(2, 2, 1, 0)]
    [InlineData(1, 2, 2, 1)]
    public void Correlation_is_a_sum_of_shifted_products(int groups, int stride, int before, int after)
    {
        Tensor image = TensorAssert.Fill(0, 6, 5, 4);
        Tensor kernel = TensorAssert.Fill(1, 3, 2, 4 / groups, 6);

        Tensor padded = Pad(image, [before, before, 0], [after, after, 0]);
        int rows = ((6 + before + after - 3) / stride) + 1;
        int columns = ((5 + before + after - 2) / stride) + 1;
        List<Tensor> pixels = [];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                Tensor window = padded[(y * stride)..((y * stride) + 3), (x * stride)..((x * stride) + 2)];
                for (int g = 0; g < groups; g++)
                {
                    int channels = 4 / groups;
                    int outputs = 6 / groups;
                    Tensor seen = Reshape(window[.., .., (g * channels)..((g + 1) * channels)], -1);
                    Tensor part = kernel[.., .., .., (g * outputs)..((g + 1) * outputs)];
                    pixels.Add(Dot(seen, Reshape(part, seen.Count, outputs)));
                }
            }
        }

        Tensor result = Convolve(image, kernel, stride, stride, before, after, before, after, groups);

        TensorAssert.Shape(result, rows, columns, 6);
        TensorAssert.Close(Concat(0, [.. pixels]).ToArray(), result, 3 * 2 * 4);
    }

    [Theory]
    [InlineData(28, 7, 1, 3, 3)]
    [InlineData(28, 2, 2, 0, 0)]
    [InlineData(5, 2, 2, 0, 1)]
    [InlineData(6, 3, 2, 0, 1)]
    [InlineData(7, 3, 2, 1, 1)]
    [InlineData(4, 1, 3, 0, 0)]
    public void Same_padding_follows_the_rule_of_TensorFlow(int size, int window, int stride, int before, int after)
    {
        Assert.Equal(before, Padding.Same.Top(size, window, stride));
        Assert.Equal(after, Padding.Same.Bottom(size, window, stride));
        Assert.Equal(before, Padding.Same.Left(size, window, stride));
        Assert.Equal(after, Padding.Same.Right(size, window, stride));
        Tensor result = Conv2d(Zeros(size, size, 1), Zeros(window, window, 1, 1), stride);
        TensorAssert.Shape(result, (size + stride - 1) / stride, (size + stride - 1) / stride, 1);
    }

    [Fact]
    public void Pooling_leaves_padding_out()
    {
        Tensor image = Tensor.Of([-1, -2, -3, -4, -5, -6, -7, -8, -9], 3, 3, 1);

        Assert.Equal([-1, -3, -7, -9], MaxPool2d(image, 2, padding: Padding.Same).ToArray());
        Assert.Equal([-3, -4.5, -7.5, -9], AveragePool2d(image, 2, padding: Padding.Same).ToArray());
        Assert.Equal([-1], MaxPool2d(image, 2).ToArray());
        Assert.Equal([-1, -2, -4, -5], MaxPool2d(image, 2, stride: 1).ToArray());
        Assert.Equal([-3, -4, -6, -7], AveragePool2d(image, 2, stride: 1).ToArray());
    }

    [Fact]
    public void Pooling_keeps_channels_apart()
    {
        Tensor image = TensorAssert.Fill(2, 4, 6, 3);

        Tensor pooled = MaxPool(image, 2, 3, 2, 3, 0, 0, 0, 0);

        TensorAssert.Shape(pooled, 2, 2, 3);
        Assert.Equal(Max(image[2..4, 3..6], [0, 1]).ToArray(), pooled[1, 1].ToArray());
        TensorAssert.Close(Mean(image[0..2, 3..6], [0, 1]).ToArray(), AveragePool(image, 2, 3, 2, 3, 0, 0, 0, 0)[0, 1], 6);
        TensorAssert.Close(Mean(Reshape(image, 24, 3), [0]).ToArray(), GlobalAveragePool(image), 24);
    }
}

using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ReductionTests
{
    private static readonly Tensor Cube = Tensor.Of([1, -2, 3, 4, 5, -6, 7, 8, 9, 10, 11, 12], 2, 3, 2);

    [Fact]
    public void Sums_over_axes()
    {
        Assert.Equal(62, Sum(Cube).ToDouble());
        Assert.Equal([8, 6, 12, 14, 16, 6], Sum(Cube, [0]).ToArray());
        TensorAssert.Shape(Sum(Cube, [0]), 3, 2);
        Assert.Equal([9, -4, 27, 30], Sum(Cube, [1]).ToArray());
        Assert.Equal([5, 57], Sum(Cube, [-1, 1]).ToArray());
        TensorAssert.Shape(Sum(Cube, [1, 2], keep: true), 2, 1, 1);
        Assert.Equal(Cube.ToArray(), Sum(Cube, []).ToArray());
    }

    [Fact]
    public void Extremes_over_axes()
    {
        Assert.Equal(12, Max(Cube).ToDouble());
        Assert.Equal(-6, Min(Cube).ToDouble());
        Assert.Equal([5, 4, 11, 12], Max(Cube, [1]).ToArray());
        Assert.Equal([1, -6, 7, 8], Min(Cube, [1]).ToArray());
        TensorAssert.Shape(Max(Cube, [0], keep: true), 1, 3, 2);
    }

    [Fact]
    public void Mean_and_variance_by_definition()
    {
        double[] values = Cube.ToArray();
        double mean = values.Average();

        TensorAssert.Close([mean], Mean(Cube), values.Length);
        TensorAssert.Close([values.Average(v => v * v) - (mean * mean)], Variance(Cube), 100 * values.Length);
        TensorAssert.Close([3, -4.0 / 3, 9, 10], Mean(Cube, [1]), 3);
        TensorAssert.Shape(Variance(Cube, [1], keep: true), 2, 1, 2);
    }

    [Fact]
    public void Softmax_family_agrees_with_plain_formulas()
    {
        Tensor x = TensorAssert.Fill(3, 2, 5);
        double[] values = x.ToArray();
        double[] sums = [values[..5].Sum(Math.Exp), values[5..].Sum(Math.Exp)];

        TensorAssert.Close([.. values.Select((v, i) => Math.Exp(v) / sums[i / 5])], Softmax(x), 16);
        TensorAssert.Close([.. values.Select((v, i) => v - Math.Log(sums[i / 5]))], LogSoftmax(x), 16);
        TensorAssert.Close([.. sums.Select(sum => Math.Log(sum))], LogSumExp(x), 16);
        TensorAssert.Shape(LogSumExp(x), 2);
        TensorAssert.Shape(LogSumExp(x, keep: true), 2, 1);
    }

    [Fact]
    public void Softmax_family_survives_large_logits()
    {
        Tensor x = Tensor.Of([1000, 999, -1000], 3);

        TensorAssert.Close([1 / (1 + Math.Exp(-1)), 1 / (1 + Math.E), 0], Softmax(x), 8);
        TensorAssert.Close([1000 + Math.Log(1 + Math.Exp(-1))], LogSumExp(x), 8);
    }

    [Fact]
    public void Cross_entropy_is_minus_the_log_likelihood()
    {
        Tensor logits = TensorAssert.Fill(4, 7);
        double expected = -Math.Log(Softmax(logits).ToArray()[2]);

        TensorAssert.Close([expected], CrossEntropy(logits, Label.Of(2, 7)), 32);
        TensorAssert.Close([expected / Math.Log(2)], CrossEntropyBits(logits, Label.Of(2, 7)), 32);
        TensorAssert.Close([3], CrossEntropyBits(Zeros(8), Label.Of(5, 8)), 8);
        TensorAssert.Close([2000], CrossEntropy(Tensor.Of([1000, -1000], 2), Label.Of(1, 2)), 8);
    }

    [Fact]
    public void Mean_squared_error_by_hand() =>
        Assert.Equal((0.25 + 4 + 0) / 3, MeanSquaredError(Tensor.Of([1, 2, 3], 3), Tensor.Of([1.5, 0, 3], 3)).ToDouble());

    [Fact]
    public void Layer_norm_has_the_gain_as_deviation()
    {
        Tensor x = TensorAssert.Fill(2, 3, 8);
        Tensor gain = TensorAssert.Fill(5, 8);
        Tensor shift = TensorAssert.Fill(6, 8);
        double[] values = x.ToArray();

        double[] expected = new double[24];
        for (int row = 0; row < 3; row++)
        {
            double[] part = values[(row * 8)..((row + 1) * 8)];
            double mean = part.Average();
            double variance = part.Average(v => (v - mean) * (v - mean));
            for (int i = 0; i < 8; i++)
            {
                expected[(row * 8) + i] = ((part[i] - mean) * Math.Pow(variance + 1e-3, -0.5) * gain.ToArray()[i]) + shift.ToArray()[i];
            }
        }
        TensorAssert.Close(expected, LayerNorm(x, gain, shift), 64);
    }
}

using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

public class ClippingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1003)]
    public void The_sum_of_squares_is_right(int count)
    {
        float[] values = OptimizerTests.Noise(count, 3);
        double expected = values.Sum(value => (double)value * value);
        // Squares of floats are exact in double; only additions round.
        Assert.Equal(expected, Clipping.SumOfSquares(values), Math.Pow(2, -53) * 2 * count * expected);
    }

    [Fact]
    public void The_norm_is_bounded_and_the_direction_stays()
    {
        float[] gradient = OptimizerTests.Noise(1003, 4);
        float[] before = [.. gradient];
        double norm = Clipping.ByNorm(gradient, 2);
        Assert.Equal(Math.Sqrt(Clipping.SumOfSquares(before)), norm);
        Assert.True(norm > 2);
        for (int index = 0; index < gradient.Length; index++)
        {
            double expected = before[index] * 2 / norm;
            Assert.Equal(expected, gradient[index], Math.Abs(expected) * 2 * Math.Pow(2, -24));
        }
    }

    [Fact]
    public void A_small_gradient_stays()
    {
        float[] gradient = OptimizerTests.Noise(100, 4);
        float[] before = [.. gradient];
        Clipping.ByNorm(gradient, 100);
        Clipping.ByValue(gradient, 1);
        Assert.Equal(before, gradient);
    }

    [Fact]
    public void Values_are_bounded_in_vectors_and_in_the_rest()
    {
        float[] gradient = new float[19];
        gradient[0] = 5;
        gradient[1] = -5;
        gradient[2] = float.NaN;
        gradient[16] = float.PositiveInfinity;
        gradient[17] = -0.75f;
        gradient[18] = float.NaN;
        Clipping.ByValue(gradient, 0.5);
        Assert.Equal([0.5f, -0.5f, float.NaN], gradient[..3]);
        Assert.Equal([0.5f, -0.5f, float.NaN], gradient[16..]);
    }
}

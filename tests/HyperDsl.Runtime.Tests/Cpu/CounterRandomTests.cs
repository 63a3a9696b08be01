using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public class CounterRandomTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0)]
    [InlineData(1)]
    public void ScalarFloatAndDoubleAgreeOnWhatIsKept(double keep)
    {
        for (uint element = 0; element < 4096; element += 8)
        {
            var floats = CounterRandom.KeepMask<float>(7, 3, 11, element, keep);
            var doubles = CounterRandom.KeepMask<double>(7, 3, 11, element, keep);
            for (var lane = 0; lane < 16; lane++)
            {
                var scalar = CounterRandom.KeepMask(7, 3, 11, element + (uint)lane, keep);
                Assert.Equal(scalar, floats.GetElement(lane));
                Assert.True(lane >= 8 || doubles.GetElement(lane) == scalar);
                Assert.True(keep is > 0 and < 1 || scalar == keep);
            }
        }
    }

    /// <summary>The kept share of n = 2²⁰ elements is within 5 standard deviations √(p(1 − p)/n); so is that of every key.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.95)]
    public void TheShareKeptIsTheProbability(double keep)
    {
        const int Count = 1 << 20;
        for (ulong key = 0; key < 3; key++)
        {
            var sum = 0.0;
            for (uint element = 0; element < Count; element += 16)
            {
                sum += VectorMath.Sum(CounterRandom.KeepMask<float>(key, 0, 0, element, keep));
            }

            Assert.InRange((sum / Count) - keep, -5 * Math.Sqrt(keep * (1 - keep) / Count), 5 * Math.Sqrt(keep * (1 - keep) / Count));
        }
    }

    /// <summary>
    /// Signs ±1 of neighbours multiply to a mean of 0 with standard deviation 1/√n: neighbouring elements (distances 1, 2, 16, 256),
    /// examples, sites, keys and steps.
    /// </summary>
    [Fact]
    public void NeighboursAreUncorrelated()
    {
        const int Count = 1 << 18;
        var key = CounterRandom.Key(1, 0);
        (string Name, Func<uint, double> Other)[] neighbours =
        [
            ("element + 1", e => Sign(key, 0, 0, e + 1)),
            ("element + 2", e => Sign(key, 0, 0, e + 2)),
            ("element + 16", e => Sign(key, 0, 0, e + 16)),
            ("element + 256", e => Sign(key, 0, 0, e + 256)),
            ("example", e => Sign(key, 0, 1, e)),
            ("site", e => Sign(key, 1, 0, e)),
            ("key", e => Sign(key + 1, 0, 0, e)),
            ("step", e => Sign(CounterRandom.Key(1, 1), 0, 0, e)),
            ("seed", e => Sign(CounterRandom.Key(2, 0), 0, 0, e)),
        ];
        foreach (var (name, other) in neighbours)
        {
            var sum = 0.0;
            for (uint element = 0; element < Count; element++)
            {
                sum += Sign(key, 0, 0, element) * other(element);
            }

            Assert.True(Math.Abs(sum) / Count < 5 / Math.Sqrt(Count), $"{name}: correlation {sum / Count:E2}");
        }
    }

    /// <summary>
    /// Patterns of 8 consecutive masks, one for each example (so the examples' starts are tested, too): χ² with 255 degrees of freedom has
    /// mean 255 and standard deviation √510 = 22.6; 6 of them are allowed.
    /// </summary>
    [Fact]
    public void PatternsOfEightAreEquallyFrequent()
    {
        const int Count = 1 << 16;
        var frequency = new int[256];
        for (uint example = 0; example < Count; example++)
        {
            var pattern = 0;
            for (uint element = 0; element < 8; element++)
            {
                pattern = (pattern << 1) | (int)CounterRandom.KeepMask(5, 2, example, element, 0.5);
            }

            frequency[pattern]++;
        }

        var expected = Count / 256.0;
        Assert.InRange(frequency.Sum(f => (f - expected) * (f - expected) / expected), 255 - (6 * 22.6), 255 + (6 * 22.6));
    }

    /// <summary>χ² of 100 bins for the uniform numbers; mean 1/2 and variance 1/12 with 5 standard deviations.</summary>
    [Fact]
    public void UniformNumbersAreUniform()
    {
        const int Count = 1 << 18;
        var bins = new int[100];
        var (sum, squares) = (0.0, 0.0);
        for (uint element = 0; element < Count; element++)
        {
            var value = CounterRandom.Uniform(3, 1, 4, element);
            bins[(int)(value * 100)]++;
            (sum, squares) = (sum + value, squares + (value * value));
        }

        var expected = Count / 100.0;
        Assert.InRange(bins.Sum(b => (b - expected) * (b - expected) / expected), 99 - (6 * 14.1), 99 + (6 * 14.1));
        Assert.InRange((sum / Count) - 0.5, -5 * Math.Sqrt(1 / 12.0 / Count), 5 * Math.Sqrt(1 / 12.0 / Count));
        Assert.InRange((squares / Count) - (1 / 3.0), -5 * Math.Sqrt(4 / 45.0 / Count), 5 * Math.Sqrt(4 / 45.0 / Count));
    }

    /// <summary>Moments 1 to 4 of the standard normal distribution: 0, 1, 0, 3 with variances 1, 2, 15, 96 over n.</summary>
    [Fact]
    public void NormalNumbersHaveNormalMoments()
    {
        const int Count = 1 << 18;
        var moments = new double[5];
        for (uint element = 0; element < Count; element++)
        {
            var value = CounterRandom.Normal(3, 1, 4, element);
            for (var power = 1; power <= 4; power++)
            {
                moments[power] += Math.Pow(value, power) / Count;
            }
        }

        (double Mean, double Variance)[] exact = [(1, 0), (0, 1), (1, 2), (0, 15), (3, 96)];
        for (var power = 1; power <= 4; power++)
        {
            var deviation = Math.Sqrt(exact[power].Variance / Count);
            Assert.InRange(moments[power] - exact[power].Mean, -5 * deviation, 5 * deviation);
        }
    }

    private static double Sign(ulong key, uint site, uint example, uint element)
        => (2 * CounterRandom.KeepMask(key, site, example, element, 0.5)) - 1;
}

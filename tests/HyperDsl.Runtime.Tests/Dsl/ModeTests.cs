using HyperDsl.Cpu;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ModeTests
{
    [Fact]
    public void Training_holds_inside_only()
    {
        Assert.False(Mode.Training);
        using (Mode.Enter(training: true))
        {
            Assert.True(Mode.Training);
            using (Mode.Enter(training: false))
            {
                Assert.False(Mode.Training);
            }
            Assert.True(Mode.Training);
        }
        Assert.False(Mode.Training);
    }

    [Fact]
    public void Masks_are_those_of_the_compiled_code_and_numbered_in_order()
    {
        const ulong Key = 0x1234_5678_9ABC_DEF0;
        Tensor[] masks = new Tensor[2];
        using (Mode.Enter(training: true, Key, examples: 3))
        {
            masks[0] = KeepMask(0.7, 2, 4);
            masks[1] = KeepMask(0.7, 2, 4);
        }
        for (uint site = 0; site < 2; site++)
        {
            double[] values = masks[site].ToArray();
            for (uint i = 0; i < values.Length; i++)
            {
                Assert.Equal(CounterRandom.KeepMask(Key, site, i / 8, i % 8, 0.7), values[i]);
            }
        }
        using (Mode.Enter(training: true, Key, examples: 3))
        {
            Assert.Equal(masks[0].ToArray(), KeepMask(0.7, 2, 4).ToArray());
        }
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_rests_in_evaluation()
    {
        Tensor x = Ones(1000);
        Assert.Same(x, Dropout(x, 0.8));
        using (Mode.Enter(training: true, randomKey: 5, examples: 20))
        {
            double[] values = Dropout(x, 0.8).ToArray();
            Assert.All(values, value => Assert.True(value is 0 or 1.25));
            // Six standard deviations of the mean of 20,000 numbers with variance (1 - keep) / keep.
            Assert.InRange(values.Average() - 1, -6 * Math.Sqrt(0.25 / 20_000), 6 * Math.Sqrt(0.25 / 20_000));
            Assert.Same(x, Dropout(x, 1));
        }
    }

    [Fact]
    public void Updates_take_effect_at_the_end()
    {
        Weight mean = new(2) { Trained = false };
        using (Mode.Enter(training: true))
        {
            mean.Update(Ones(2));
            Assert.Equal([0, 0], mean.ToArray());
        }
        Assert.Equal([1, 1], mean.ToArray());
        using (Mode.Enter(training: false))
        {
            mean.Update(Ones(2) * 2.0);
        }
        Assert.Equal([1, 1], mean.ToArray());
        mean.Update(Ones(2) * 3.0);
        Assert.Equal([3, 3], mean.ToArray());
    }

    [Fact]
    public void Updates_that_make_no_sense_are_refused()
    {
        Weight statistic = new(2) { Trained = false };

        Assert.Contains("Trained = false", Assert.Throws<InvalidOperationException>(() => new Weight(2).Update(Ones(2))).Message, StringComparison.Ordinal);
        Assert.Contains("BatchMean", Assert.Throws<TensorShapeException>(() => statistic.Update(Tensor.OfBatch(1, [1, 2], 2))).Message, StringComparison.Ordinal);
        Assert.Contains("[3]", Assert.Throws<TensorShapeException>(() => statistic.Update(Ones(3))).Message, StringComparison.Ordinal);
    }
}

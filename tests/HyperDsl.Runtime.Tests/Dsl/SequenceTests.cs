using HyperDsl.Execution;
using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

/// <summary>Values that vary with time in eager code, and columns of a batch that do.</summary>
public sealed class SequenceTests
{
    private static readonly Tensor Sequence = Tensor.OfSequence(3, 2, TensorAssert.FillValues(1, 12), 2);
    private static readonly Tensor PerExample = TensorAssert.FillBatch(2, 2, 2);
    private static readonly Tensor Shared = TensorAssert.Fill(3, 2, 2);

    [Fact]
    public void Operations_act_at_every_step_on_every_example()
    {
        Tensor result = Concat(0, Dot(Shared, Sequence) * PerExample, Select(Sequence < PerExample, Sequence, 0));
        Assert.Equal((3, 2), (result.Steps, result.Examples));
        for (int step = 0; step < 3; step++)
        {
            Tensor x = Sequence.AtStep(step);
            Tensor expected = Concat(0, Dot(Shared, x) * PerExample, Select(x < PerExample, x, 0));
            Assert.Equal(expected.ToArray(), result.AtStep(step).ToArray());
        }
    }

    [Fact]
    public void Labels_have_steps_too()
    {
        Label label = Label.OfSequence(2, 2, [0, 1, 2, 0], 3);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], OneHot(label).ToArray());
        Tensor table = TensorAssert.FillBatch(4, 2, 3);
        Assert.Equal(
            [table.ToArray()[0], table.ToArray()[3 + 1], table.ToArray()[2], table.ToArray()[3]], Gather(table, label).ToArray());
        Assert.Contains("example 1 at step 0", Assert.Throws<ArgumentOutOfRangeException>(
            () => Label.OfSequence(2, 2, [0, 5, 2, 0], 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_over_steps_keep_the_examples()
    {
        using (Mode.Enter(training: false, 0, examples: 2, steps: 3))
        {
            Tensor sum = SumOverSteps(Sequence);
            Assert.Equal((null, 2), (sum.Steps, sum.Examples));
            double[] values = Sequence.ToArray();
            TensorAssert.Close([.. Enumerable.Range(0, 4).Select(i => values[i] + values[4 + i] + values[8 + i])], sum, roundings: 2);
            TensorAssert.Close([.. sum.ToArray().Select(value => value / 3)], MeanOverSteps(Sequence), roundings: 1);
            TensorAssert.Close([.. PerExample.ToArray().Select(value => 3 * value)], SumOverSteps(PerExample), roundings: 1);
        }
        Assert.Throws<InvalidOperationException>(() => SumOverSteps(Sequence));
    }

    [Fact]
    public void Statistics_over_the_batch_refuse_sequences()
    {
        var norm = new BatchNorm(2);
        using (Mode.Enter(training: true, 0, examples: 2, steps: 3))
        {
            Assert.All<Func<Tensor>>(
                [() => SumOverExamples(Sequence), () => BatchMean(Sequence), () => BatchVariance(Sequence), () => norm.Call(Sequence)],
                call => Assert.Contains(
                    "varies with time. Average first: BatchMean(MeanOverSteps(x))",
                    Assert.Throws<TensorShapeException>(() => call()).Message,
                    StringComparison.Ordinal));
            double[] values = Sequence.ToArray();
            TensorAssert.Close(
                [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 6).Average(row => values[(2 * row) + i]))],
                BatchMean(MeanOverSteps(Sequence)),
                roundings: 6);
        }
    }

    [Fact]
    public void Sequences_of_different_lengths_do_not_meet()
    {
        Tensor shorter = Tensor.OfSequence(2, 2, TensorAssert.FillValues(1, 8), 2);
        Assert.Contains("of 3 and of 2 steps", Assert.Throws<TensorShapeException>(() => Sequence + shorter).Message, StringComparison.Ordinal);
        Assert.Contains("varies with time", Assert.Throws<TensorShapeException>(
            () => new Rnn(2, 2).Scan(PerExample)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_differ_between_steps_of_a_scan()
    {
        using (Mode.Enter(training: true, 7, examples: 2, steps: 3))
        {
            Tensor mask = KeepMask(0.5, Tensor.OfSequence(3, 2, new double[3 * 2 * 64], 64));
            Assert.NotEqual(mask.AtStep(0).ToArray(), mask.AtStep(1).ToArray());
            Assert.Null(KeepMask(0.5, 64).Steps);
            Assert.Null(KeepMask(0.5, Tensor.OfSequence(3, 2, new double[3 * 2 * 64], 64), MaskScope.Sequence).Steps);
        }
    }

    [Theory]
    [InlineData(MaskScope.Step, false)]
    [InlineData(MaskScope.Sequence, true)]
    public void A_mask_of_a_step_may_stay_for_the_sequence(MaskScope scope, bool stays)
    {
        Tensor ones = Tensor.OfSequence(3, 2, [.. Enumerable.Repeat(1.0, 3 * 2 * 64)], 64);
        using (Mode.Enter(training: true, 7, examples: 2, steps: 3))
        {
            Tensor kept = new Masked(scope).Scan(ones);
            Assert.Equal(stays, kept.AtStep(0).ToArray().SequenceEqual(kept.AtStep(2).ToArray()));
            Assert.False(kept.AtStep(0).ToArray()[..64].SequenceEqual(kept.AtStep(0).ToArray()[64..]));
            // The first step's is the same in both: it is the example's own.
            Assert.Equal(
                [.. Enumerable.Range(0, 128).Select(i => HyperDsl.Cpu.CounterRandom.KeepMask(7, 0, (uint)i / 64, (uint)i % 64, 0.5))],
                kept.AtStep(0).ToArray());
        }
    }

    private sealed class Masked(MaskScope scope) : Cell
    {
        public override Tensor Step(Tensor x) => x * KeepMask(0.5, x, scope);

        public override void VisitWeights(WeightVisitor visitor)
        {
        }
    }

    [Fact]
    public void Batches_say_what_does_not_fit()
    {
        InputPlan timed = new("x", [2], 0, Steps: true);
        InputPlan still = new("x", [2], 0);
        Assert.Equal(12, new Batch(2).Add("x", new float[12], 3).Real(timed).Length);
        Assert.Contains("3 steps holds 12", Assert.Throws<ArgumentException>(
            () => new Batch(2).Add("x", new float[10], 3).Real(timed)).Message, StringComparison.Ordinal);
        Assert.Contains("without a number of steps", Assert.Throws<ArgumentException>(
            () => new Batch(2).Add("x", new float[4]).Real(timed)).Message, StringComparison.Ordinal);
        Assert.Contains("the same at every step", Assert.Throws<ArgumentException>(
            () => new Batch(2).Add("x", new float[12], 3).Real(still)).Message, StringComparison.Ordinal);
        Assert.Contains("inputs of 3 steps", Assert.Throws<ArgumentException>(
            () => new Batch(2).Add("x", new float[12], 3).Add("y", new float[4], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Step 1 of example 1", Assert.Throws<ArgumentException>(
            () => new Batch(2).Add("x", new[] { 0, 1, 0, 9 }, 2).Index(new("x", [], 3, Steps: true))).Message, StringComparison.Ordinal);
    }
}

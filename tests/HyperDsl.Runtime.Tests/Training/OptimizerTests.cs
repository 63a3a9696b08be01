using HyperDsl.Training;

namespace HyperDsl.Tests.Training;

/// <summary>Optimisers against their formulas, written once more in double precision for one element.</summary>
public class OptimizerTests
{
    private const int Steps = 40;

    // Every step rounds a handful of operations on numbers of the size of the step and of the parameter; rounding errors of
    // earlier steps decay or add up. 16 roundings a step is generous for all of these formulas.
    private const double RoundingsPerStep = 16;
    private static readonly double UnitRoundoff = Math.Pow(2, -24);

    public static TheoryData<string> Names => [.. Cases().Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Follows_its_formula(string name)
    {
        (string _, Func<Optimizer> make, Func<Reference> reference) = Cases().Single(item => item.Name == name);
        const int Count = 37;
        Optimizer optimizer = make();
        float[] parameters = Noise(Count, 1);
        Reference[] expected = [.. parameters.Select(_ => reference())];
        double[] values = [.. parameters.Select(value => (double)value)];
        for (int step = 0; step < Steps; step++)
        {
            float[] gradients = Noise(Count, 100 + step);
            for (int index = 0; index < Count; index++)
            {
                values[index] = expected[index].Step(values[index], gradients[index], step);
            }

            optimizer.Step(parameters, gradients, step);
        }

        double tolerance = UnitRoundoff * RoundingsPerStep * Steps;
        for (int index = 0; index < Count; index++)
        {
            Assert.InRange(
                parameters[index] - values[index],
                -tolerance * (1 + Math.Abs(values[index])),
                tolerance * (1 + Math.Abs(values[index])));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_same_bits_again_and_in_pieces(string name)
    {
        Func<Optimizer> make = Cases().Single(item => item.Name == name).Make;
        const int Count = 100;
        (Optimizer whole, Optimizer again, Optimizer pieces) = (make(), make(), make());
        float[][] parameters = [Noise(Count, 1), Noise(Count, 1), Noise(Count, 1)];
        for (int step = 0; step < Steps; step++)
        {
            whole.Step(parameters[0], Noise(Count, step), step);
            again.Step(parameters[1], Noise(Count, step), step);
            pieces.Step(parameters[2], Noise(Count, step), step, [new(0, 32), new(32, 16), new(48, 52)]);
        }

        Assert.Equal(Bits(parameters[0]), Bits(parameters[1]));
        Assert.Equal(Bits(parameters[0]), Bits(parameters[2]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_position_in_the_buffer_does_not_matter(string name)
    {
        // The same element in a vector and in the padded rest.
        Func<Optimizer> make = Cases().Single(item => item.Name == name).Make;
        (Optimizer longer, Optimizer alone) = (make(), make());
        float[] many = [.. Enumerable.Repeat(0.3f, 33)];
        float[] one = [0.3f];
        for (int step = 0; step < Steps; step++)
        {
            float gradient = Noise(1, step)[0];
            longer.Step(many, [.. Enumerable.Repeat(gradient, 33)], step);
            alone.Step(one, [gradient], step);
        }

        Assert.All(Bits(many), bits => Assert.Equal(BitConverter.SingleToInt32Bits(one[0]), bits));
    }

    [Fact]
    public void Parameters_outside_of_segments_stay()
    {
        var adam = new Adam(0.1, weightDecay: 0.1);
        float[] parameters = Noise(48, 1);
        float[] before = [.. parameters];
        adam.Step(parameters, Noise(48, 2), 0, [new(0, 16), new(32, 16)]);
        Assert.Equal(before[16..32], parameters[16..32]);
        Assert.All(Enumerable.Range(0, 16), index => Assert.NotEqual(before[index], parameters[index]));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        Optimizer[] optimizers = [new Sgd(0.1, 0.9, nesterov: true), new Adam(0.1) { ClipNorm = 1, ClipValue = 0.1 }, RmsProp.Graves()];
        float[] parameters = Noise(1000, 1);
        float[] gradients = Noise(1000, 2);
        foreach (Optimizer optimizer in optimizers)
        {
            optimizer.Step(parameters, gradients, 0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            optimizer.Step(parameters, gradients, 1);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Clipping_is_part_of_the_step()
    {
        float[] gradients = [3, -4, 0.5f];
        var sgd = new Sgd(1) { ClipValue = 2, ClipNorm = 1 };
        float[] parameters = new float[3];
        sgd.Step(parameters, gradients, 0);
        double norm = Math.Sqrt(4 + 4 + 0.25);
        Assert.Equal(norm, sgd.LastNorm, 4 * Math.Pow(2, -53) * norm);
        Assert.Equal(-2 / norm, parameters[0], 2 * UnitRoundoff);
        Assert.Equal(2 / norm, parameters[1], 2 * UnitRoundoff);
        Assert.Equal(-0.5 / norm, parameters[2], 2 * UnitRoundoff);
    }

    [Fact]
    public void An_infinite_element_is_bounded_and_one_that_is_no_number_is_refused()
    {
        var sgd = new Sgd(1) { ClipValue = 2, ClipNorm = 1 };
        float[] parameters = new float[3];
        sgd.Step(parameters, [float.PositiveInfinity, 0, 0], 0);
        Assert.Equal([-1f, 0, 0], parameters);
        NonFiniteGradientException fault = Assert.Throws<NonFiniteGradientException>(() => sgd.Step(parameters, [0, float.NaN, 0], 1));
        Assert.Equal((2L, double.NaN), (fault.Step, fault.Norm));
        Assert.Equal([-1f, 0, 0], parameters);
        Assert.Equal(double.NaN, sgd.LastNorm);
    }

    [Fact]
    public void An_optimiser_serves_one_set_of_parameters()
    {
        var adam = new Adam(0.1);
        adam.Bind(10);
        Assert.Equal(["mean", "square"], adam.Buffers.Select(buffer => buffer.Name));
        Assert.Throws<InvalidOperationException>(() => adam.Step(new float[11], new float[11], 0));
        Assert.Throws<ArgumentException>(() => adam.Step(new float[10], new float[11], 0));
    }

    [Fact]
    public void Constants_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(1, beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(1, epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => new Sgd(1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1) { ClipNorm = 0 });
    }

    private static IEnumerable<(string Name, Func<Optimizer> Make, Func<Reference> Reference)> Cases()
    {
        yield return ("sgd", () => new Sgd(0.1), () => new SgdReference(0.1, 0, false, 0));
        yield return ("sgd decay", () => new Sgd(0.1, weightDecay: 0.05), () => new SgdReference(0.1, 0, false, 0.05));
        yield return ("sgd momentum", () => new Sgd(0.05, 0.9), () => new SgdReference(0.05, 0.9, false, 0));
        yield return ("sgd nesterov", () => new Sgd(0.05, 0.9, true, 0.01), () => new SgdReference(0.05, 0.9, true, 0.01));
        yield return ("adam", () => new Adam(0.01), () => new AdamReference(0.01, 0, false));
        yield return ("adam decay", () => new Adam(0.01, weightDecay: 0.1), () => new AdamReference(0.01, 0.1, false));
        yield return ("adamw", () => new Adam(0.01, weightDecay: 0.1, decoupled: true), () => new AdamReference(0.01, 0.1, true));
        yield return ("rmsprop", () => new RmsProp(0.01, 0.9), () => new RmsPropReference(0.01, 0.9, 0, 1e-8, false, false));
        yield return (
            "rmsprop centred",
            () => new RmsProp(0.01, 0.9, 0.5, 1e-3, true),
            () => new RmsPropReference(0.01, 0.9, 0.5, 1e-3, true, false));
        yield return ("graves", () => RmsProp.Graves(0.01), () => new RmsPropReference(0.01, 0.95, 0.9, 1e-4, true, true));
    }

    internal static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private abstract class Reference
    {
        public abstract double Step(double parameter, double gradient, int step);
    }

    private sealed class SgdReference(double rate, double momentum, bool nesterov, double decay) : Reference
    {
        private double buffer;

        public override double Step(double parameter, double gradient, int step)
        {
            gradient += decay * parameter;
            buffer = step == 0 ? gradient : (momentum * buffer) + gradient;
            return parameter - (rate * (nesterov ? gradient + (momentum * buffer) : buffer));
        }
    }

    private sealed class AdamReference(double rate, double decay, bool decoupled) : Reference
    {
        private double mean;
        private double square;

        public override double Step(double parameter, double gradient, int step)
        {
            gradient += decoupled ? 0 : decay * parameter;
            parameter *= decoupled ? 1 - (rate * decay) : 1;
            mean = (0.9 * mean) + (0.1 * gradient);
            square = (0.999 * square) + (0.001 * gradient * gradient);
            double correctedMean = mean / (1 - Math.Pow(0.9, step + 1));
            double correctedSquare = square / (1 - Math.Pow(0.999, step + 1));
            return parameter - (rate * correctedMean / (Math.Sqrt(correctedSquare) + 1e-8));
        }
    }

    private sealed class RmsPropReference(
        double rate, double decay, double momentum, double epsilon, bool centred, bool graves) : Reference
    {
        private double square;
        private double mean;
        private double buffer;

        public override double Step(double parameter, double gradient, int step)
        {
            square = (decay * square) + ((1 - decay) * gradient * gradient);
            mean = (decay * mean) + ((1 - decay) * gradient);
            double variance = centred ? square - (mean * mean) : square;
            if (graves)
            {
                buffer = (momentum * buffer) - (rate * gradient / Math.Sqrt(variance + epsilon));
                return parameter + buffer;
            }

            buffer = (momentum * buffer) + (gradient / (Math.Sqrt(variance) + epsilon));
            return parameter - (rate * buffer);
        }
    }
}

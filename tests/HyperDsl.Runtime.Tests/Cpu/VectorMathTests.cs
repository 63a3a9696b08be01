using System.Runtime.Intrinsics;

namespace HyperDsl.Cpu;

public unsafe class VectorMathTests
{
    private static readonly float[] Special =
    [
        0, -0f, 1, -1, float.Epsilon, -float.Epsilon, 1.17549435e-38f, float.MaxValue, float.MinValue, float.PositiveInfinity,
        float.NegativeInfinity, float.NaN, 88.72283f, 88.7229f, -87.33654f, -103.9f, -104.5f, 65536, 65537, 1e30f, 0.70710677f, 0.7071068f,
    ];

    private delegate Vector512<float> VectorFunction(Vector512<float> x);

    /// <summary>Steps of 997 bit patterns through the interval on both sides of zero; the error in units of the last place of the exact value.</summary>
    [Theory]
    [InlineData("Exp", 1e-10, 88, 1.1)]
    [InlineData("Log", 1e-45, 3e38, 1)]
    [InlineData("Tanh", 1e-10, 100, 3)]
    [InlineData("Sigmoid", 1e-10, 86, 3)]
    [InlineData("Softplus", 1e-10, 80, 2)]
    [InlineData("Sin", 1e-10, 6e4, 1.6)]
    [InlineData("Cos", 1e-10, 6e4, 1.6)]
    public void ErrorsStayBelowWhatIsStated(string name, double from, double to, double bound)
    {
        var (scalar, _, exact) = Function(name);
        var (worst, where) = (0.0, 0f);
        for (var bits = BitConverter.SingleToInt32Bits((float)from); bits < BitConverter.SingleToInt32Bits((float)to); bits += 997)
        {
            foreach (var x in name == "Log" ? [Float(bits)] : new[] { Float(bits), -Float(bits) })
            {
                var expected = exact(x);
                var error = Math.Abs(scalar(x) - expected) / UnitInLastPlace(expected);
                if (!(error <= worst))
                {
                    (worst, where) = (error, x);
                }
            }
        }

        Assert.True(worst <= bound, $"{name}: {worst:F3} ulp at {where:R}");
    }

    [Theory]
    [InlineData("Exp")]
    [InlineData("Log")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Sin")]
    [InlineData("Cos")]
    public void ScalarsHaveTheBitsOfALane(string name)
    {
        var (scalar, vector, _) = Function(name);
        var random = new Random(1);
        var values = new float[16 * 20_000];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = index < Special.Length ? Special[index]
                : index % 2 == 0 ? (float)(20 * (random.NextDouble() - 0.5)) : Float(random.Next(int.MinValue, int.MaxValue));
        }

        for (var index = 0; index < values.Length; index += 16)
        {
            var results = vector(Vector512.Create(values.AsSpan(index)));
            for (var lane = 0; lane < 16; lane++)
            {
                var (x, inVector, alone) = (values[index + lane], results.GetElement(lane), scalar(values[index + lane]));
                Assert.True(
                    (float.IsNaN(inVector) && float.IsNaN(alone)) || BitConverter.SingleToInt32Bits(inVector) == BitConverter.SingleToInt32Bits(alone),
                    $"{name}({x:R}): {inVector:R} in a vector, {alone:R} alone");
                Assert.True(!float.IsNaN(x) || float.IsNaN(inVector), $"{name} lost a NaN");
            }
        }
    }

    [Fact]
    public void LimitsAreExact()
    {
        Assert.Equal(0, VectorMath.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, VectorMath.Exp(float.PositiveInfinity));
        Assert.Equal(float.Epsilon, VectorMath.Exp(-103.2789f));
        Assert.Equal(1, VectorMath.Exp(0f));
        Assert.Equal(float.NegativeInfinity, VectorMath.Log(0f));
        Assert.Equal(float.PositiveInfinity, VectorMath.Log(float.PositiveInfinity));
        Assert.True(float.IsNaN(VectorMath.Log(-1f)));
        Assert.Equal(0, VectorMath.Log(1f));
        Assert.Equal((1f, -1f), (VectorMath.Tanh(float.PositiveInfinity), VectorMath.Tanh(float.NegativeInfinity)));
        Assert.Equal((1f, 0f, 0.5f), (VectorMath.Sigmoid(200f), VectorMath.Sigmoid(-200f), VectorMath.Sigmoid(0f)));
        Assert.Equal((200f, 0f), (VectorMath.Softplus(200f), VectorMath.Softplus(-200f)));
        Assert.True(float.IsNaN(VectorMath.Sin(float.PositiveInfinity)));
    }

    [Fact]
    public void DoubleVectorsAreTheLibraryInEachLane()
    {
        var x = Vector512.Create(-2.5, -1, -0.1, 0.2, 1, 3, 40, 700);
        for (var lane = 0; lane < 8; lane++)
        {
            var value = x.GetElement(lane);
            Assert.Equal(Math.Exp(value), VectorMath.Exp(x).GetElement(lane));
            Assert.Equal(Math.Tanh(value), VectorMath.Tanh(x).GetElement(lane));
            Assert.Equal(Math.Sin(value), VectorMath.Sin(x).GetElement(lane));
            Assert.Equal(Math.Cos(value), VectorMath.Cos(x).GetElement(lane));
            Assert.Equal(Math.Log(Math.Abs(value)), VectorMath.Log(Vector512.Abs(x)).GetElement(lane));
            Assert.Equal(1 / (1 + Math.Exp(-value)), VectorMath.Sigmoid(x).GetElement(lane));
            var softplus = Math.Max(value, 0) + Math.Log(1 + Math.Exp(-Math.Abs(value)));
            // On both sides an exponential, a sum, a logarithm and a sum, each rounded, of numbers up to max(x, 1).
            double tolerance = 2 * 4 * Math.Pow(2, -53) * Math.Max(value, 1);
            Assert.InRange(VectorMath.Softplus(x).GetElement(lane), softplus - tolerance, softplus + tolerance);
        }
    }

    [Fact]
    public void PartialLoadsAndStoresTouchNothingElse()
    {
        for (var count = 0; count <= 16; count++)
        {
            using var source = GuardedMemory<float>.Random(count, 1);
            using var target = GuardedMemory<float>.Random(count, 2);
            var loaded = VectorMath.LoadPartial(source.Pointer, count);
            VectorMath.StorePartial(loaded, target.Pointer, count);
            Assert.Equal(source.ToArray(), target.ToArray());
            for (var lane = count; lane < 16; lane++)
            {
                Assert.Equal(0, loaded.GetElement(lane));
            }
        }

        using var three = GuardedMemory<double>.Random(3, 1);
        using var five = GuardedMemory<double>.Random(5, 2);
        var before = five.ToArray();
        VectorMath.StorePartial(VectorMath.LoadPartial(three.Pointer, 3), five.Pointer, 3);
        Assert.Equal([.. three.ToArray(), .. before[3..]], five.ToArray());
    }

    [Fact]
    public void ReductionsSeeEveryLane()
    {
        for (var lane = 0; lane < 16; lane++)
        {
            var one = Vector512.Create(-2f).WithElement(lane, 5);
            Assert.Equal(-25, VectorMath.Sum(one));
            Assert.Equal(5, VectorMath.Max(one));
            Assert.True(float.IsNaN(VectorMath.Max(one.WithElement(lane, float.NaN))));
            Assert.True(float.IsNaN(VectorMath.Maximum(one.WithElement(lane, float.NaN), one).GetElement(lane)));
            Assert.True(float.IsNaN(VectorMath.Minimum(one, one.WithElement(lane, float.NaN)).GetElement(lane)));
        }

        for (var lane = 0; lane < 8; lane++)
        {
            var one = Vector512.Create(-2.0).WithElement(lane, 5);
            Assert.Equal(-9, VectorMath.Sum(one));
            Assert.Equal(5, VectorMath.Max(one));
        }
    }

    private static float Float(int bits) => BitConverter.Int32BitsToSingle(bits);

    private static double UnitInLastPlace(double exact)
    {
        var x = Math.Abs((float)exact);
        return x < 1.17549435e-38f ? float.Epsilon : (double)MathF.BitIncrement(x) - x;
    }

    private static (Func<float, float> Scalar, VectorFunction Vector, Func<double, double> Exact) Function(string name) => name switch
    {
        "Exp" => (VectorMath.Exp, VectorMath.Exp, Math.Exp),
        "Log" => (VectorMath.Log, VectorMath.Log, Math.Log),
        "Tanh" => (VectorMath.Tanh, VectorMath.Tanh, Math.Tanh),
        "Sigmoid" => (VectorMath.Sigmoid, VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        "Softplus" => (VectorMath.Softplus, VectorMath.Softplus, VectorMath.Softplus),
        "Sin" => (VectorMath.Sin, VectorMath.Sin, Math.Sin),
        _ => (VectorMath.Cos, VectorMath.Cos, Math.Cos),
    };
}

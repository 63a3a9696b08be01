namespace HyperDsl.Tests.Dsl;

/// <summary>Comparisons whose tolerance is a number of roundings, and inputs that no symmetry helps.</summary>
internal static class TensorAssert
{
    private const double UnitRoundoff = 1.0 / (1L << 53);

    // Library functions (exp, log, pow) err by up to 2 ulp = 4 roundings.
    private const double FunctionFactor = 4;

    public static void Close(double[] expected, Tensor actual, int roundings = 1) => Close(expected, actual.ToArray(), roundings);

    public static void Close(double[] expected, double[] actual, int roundings = 1)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        double tolerance = roundings * FunctionFactor * UnitRoundoff * scale;
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance;
            Assert.True(same, $"element {i}: expected {expected[i]:R}, found {actual[i]:R}, tolerance {tolerance:R}");
        }
    }

    public static void Shape(Tensor actual, params int[] expected) => Assert.Equal(expected, actual.Shape);

    /// <summary>The fill rule of the golden vectors: 0.5 · sin(0.7 k + 1.3 n + 0.2).</summary>
    public static double[] FillValues(int n, int count) =>
        Enumerable.Range(0, count).Select(k => 0.5 * Math.Sin((0.7 * k) + (1.3 * n) + 0.2)).ToArray();

    public static Tensor Fill(int n, params int[] shape) =>
        Tensor.Of(FillValues(n, shape.Aggregate(1, (product, size) => product * size)), shape);

    public static Tensor FillBatch(int n, int examples, params int[] shape) =>
        Tensor.OfBatch(examples, FillValues(n, shape.Aggregate(examples, (product, size) => product * size)), shape);

    /// <summary>One example of a batch, as a tensor of its own.</summary>
    public static Tensor Example(Tensor batch, int example) => batch.Examples is null
        ? batch
        : Tensor.Of(batch.ToArray().AsSpan(example * batch.Count, batch.Count), [.. batch.Shape]);
}

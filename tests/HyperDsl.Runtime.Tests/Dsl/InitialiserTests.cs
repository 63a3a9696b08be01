namespace HyperDsl.Tests.Dsl;

public sealed class InitialiserTests
{
    private const int Count = 40_000;

    // A statistic of Count independent numbers strays by more than this many of its standard deviations once in 10⁹.
    private const double Deviations = 6;

    public static TheoryData<string, double, double> Moments => new()
    {
        { "normal", 0.5, 2 },
        // Variance of a normal cut at two sigma: 1 - 4 φ(2) / (2 Φ(2) - 1).
        { "truncated", 0.5, 2 * 0.879626 },
        { "uniform", 1, 4 / Math.Sqrt(12) },
        { "xavierUniform", 0, Math.Sqrt(2.0 / (100 + 400)) },
        { "xavierNormal", 0, Math.Sqrt(2.0 / (100 + 400)) },
        { "heNormal", 0, Math.Sqrt(2.0 / 100) },
        { "heUniform", 0, Math.Sqrt(2.0 / 100) },
        { "heKernel", 0, Math.Sqrt(2.0 / (5 * 5 * 16)) },
        { "xavierKernel", 0, Math.Sqrt(2.0 / (5 * 5 * (16 + 100))) },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void Numbers_have_the_mean_and_deviation_they_are_said_to_have(string name, double mean, double sigma)
    {
        (Initialiser init, int[] shape) = name switch
        {
            "normal" => (Initialiser.Normal(0.5, 2), new[] { Count }),
            "truncated" => (Initialiser.TruncatedNormal(0.5, 2), [Count]),
            "uniform" => (Initialiser.Uniform(-1, 3), [Count]),
            "xavierUniform" => (Initialiser.XavierUniform, [400, 100]),
            "xavierNormal" => (Initialiser.XavierNormal, [400, 100]),
            "heNormal" => (Initialiser.HeNormal, [400, 100]),
            "heUniform" => (Initialiser.HeUniform, [400, 100]),
            "heKernel" => (Initialiser.HeNormal, [5, 5, 16, 100]),
            _ => (Initialiser.XavierNormal, [5, 5, 16, 100]),
        };

        double[] values = init.Fill(shape, 3, "weight");

        double average = values.Average();
        double variance = values.Average(value => (value - average) * (value - average));
        Assert.Equal(Count, values.Length);
        Assert.InRange(average - mean, -Deviations * sigma / Math.Sqrt(Count), Deviations * sigma / Math.Sqrt(Count));
        // The fourth moment of all these is at most that of the normal, 3 sigma⁴.
        Assert.InRange((variance / (sigma * sigma)) - 1, -Deviations * Math.Sqrt(2.0 / Count), Deviations * Math.Sqrt(2.0 / Count));
    }

    [Fact]
    public void Bounds_hold()
    {
        Assert.All(Initialiser.TruncatedNormal(1, 0.5).Fill([Count], 0, "w"), value => Assert.InRange(value, 0, 2));
        Assert.All(Initialiser.Uniform(2, 3).Fill([Count], 0, "w"), value => Assert.InRange(value, 2, 3));
        Assert.All(Initialiser.Constant(0.25).Fill([4], 0, "w"), value => Assert.Equal(0.25, value));
        Assert.All(Initialiser.Ones.Fill([4], 0, "w"), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Seed_and_name_decide_and_nothing_else()
    {
        double[] values = Initialiser.Normal().Fill([100], 1, "a.b");

        Assert.Equal(values, Initialiser.Normal().Fill([100], 1, "a.b"));
        Assert.Equal(values[..50], Initialiser.Normal().Fill([50], 1, "a.b"));
        Assert.Empty(values.Intersect(Initialiser.Normal().Fill([100], 2, "a.b")));
        Assert.Empty(values.Intersect(Initialiser.Normal().Fill([100], 1, "a.c")));
        Assert.Equal(100, values.Distinct().Count());
    }

    [Theory]
    [InlineData(20, 20, 1)]
    [InlineData(8, 30, 1)]
    [InlineData(30, 8, 1)]
    [InlineData(40, 10, 4)]
    public void Orthogonal_blocks_have_orthonormal_rows_or_columns(int rows, int columns, int blocks)
    {
        const double Scale = 1.5;
        double[] values = Initialiser.Orthogonal(Scale, blocks).Fill([rows, columns], 7, "w");
        int height = rows / blocks;
        int vectors = Math.Min(height, columns);
        for (int block = 0; block < blocks; block++)
        {
            double[] matrix = values[(block * height * columns)..((block + 1) * height * columns)];
            double Element(int vector, int i) => height <= columns ? matrix[(vector * columns) + i] : matrix[(i * columns) + vector];
            for (int u = 0; u < vectors; u++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    double inner = Enumerable.Range(0, Math.Max(height, columns)).Sum(i => Element(u, i) * Element(v, i));
                    Assert.Equal(u == v ? Scale * Scale : 0, inner, 64 * Math.Max(height, columns) / (double)(1L << 53));
                }
            }
        }
    }

    [Theory]
    [InlineData(6, 6, 3)]
    [InlineData(4, 9, 2)]
    [InlineData(9, 4, 5)]
    public void Orthogonal_slices_are_matrices_of_their_own_along_the_last_axis(int rows, int columns, int slices)
    {
        const double Scale = 0.1;
        double[] values = Initialiser.OrthogonalSlices(Scale).Fill([rows, columns, slices], 7, "w");
        double Element(int vector, int i, int slice) =>
            values[((rows <= columns ? (vector * columns) + i : (i * columns) + vector) * slices) + slice];
        double Inner(int u, int v, int first, int second) =>
            Enumerable.Range(0, Math.Max(rows, columns)).Sum(i => Element(u, i, first) * Element(v, i, second));
        for (int slice = 0; slice < slices; slice++)
        {
            for (int pair = 0; pair < Math.Min(rows, columns) * Math.Min(rows, columns); pair++)
            {
                (int u, int v) = (pair / Math.Min(rows, columns), pair % Math.Min(rows, columns));
                Assert.Equal(u == v ? Scale * Scale : 0, Inner(u, v, slice, slice), 64 * Math.Max(rows, columns) / (double)(1L << 53));
            }
            Assert.True(slice == 0 || Inner(0, 0, 0, slice) < 0.99 * Scale * Scale, "No two slices are the same.");
        }
    }

    [Fact]
    public void Orthogonal_needs_a_matrix()
    {
        Assert.Throws<TensorShapeException>(() => Initialiser.OrthogonalSlices().Fill([4, 4], 0, "w"));
        Assert.Throws<TensorShapeException>(() => Initialiser.Orthogonal().Fill([4], 0, "w"));
        Assert.Throws<TensorShapeException>(() => Initialiser.Orthogonal(blocks: 3).Fill([4, 4], 0, "w"));
    }
}

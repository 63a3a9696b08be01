using System.Numerics;
using Xunit;

namespace HyperDsl.Cpu;

public unsafe class GemmTests
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 33, 64, 100];

    public static TheoryData<int> RowCounts => [.. Sizes];

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void PackedProductsAgreeWithSums(int m)
    {
        foreach (var n in Sizes)
        {
            foreach (var k in Sizes)
            {
                var accumulate = (m + n + k) % 2 == 0;
                CheckPacked<float>(m, n, k, accumulate, (n + k) % 3 == 0);
                CheckPacked<double>(m, n, k, accumulate, (n + k) % 3 == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void UnpackedProductsAgreeWithSums(int m)
    {
        foreach (var n in Sizes)
        {
            foreach (var k in Sizes)
            {
                var accumulate = (m + n + k) % 2 == 0;
                CheckUnpacked<float>(m, n, k, accumulate, transposed: k % 2 == 0);
                CheckUnpacked<double>(m, n, k, accumulate, transposed: k % 2 == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void NarrowProductsAgreeWithSums(int m)
    {
        for (var n = 1; n <= 9; n++)
        {
            foreach (var k in Sizes)
            {
                CheckNarrow<float>(m, n, k);
                CheckNarrow<double>(m, n, k);
            }
        }
    }

    /// <summary>Whether a row is one of four or the last one alone must not show in its bits: slices of a batch differ in it.</summary>
    [Fact]
    public void ARowOfANarrowProductIsTheSameInAnyBlock()
    {
        const int K = 77;
        using var a = GuardedMemory<float>.Random(5 * K, 1);
        using var b = GuardedMemory<float>.Random(4 * K, 2);
        using var all = new GuardedMemory<float>(5 * 4);
        using var alone = new GuardedMemory<float>(5 * 4);
        Gemm.MultiplyNarrow(5, 4, K, a.Pointer, K, b.Pointer, all.Pointer, 4);
        for (var row = 0; row < 5; row++)
        {
            Gemm.MultiplyNarrow(1, 4, K, a.Pointer + (row * K), K, b.Pointer, alone.Pointer + (row * 4), 4);
        }

        Assert.Equal(all.ToArray(), alone.ToArray());
    }

    [Theory]
    [InlineData(1, 300, 700)]
    [InlineData(2, 130, 513)]
    [InlineData(29, 70, 600)]
    [InlineData(61, 70, 1021)]
    [InlineData(61, 70, 2045)]
    [InlineData(3, 40, 3073)]
    [InlineData(9, 129, 509)]
    [InlineData(196, 16, 784)]
    [InlineData(1000, 1, 257)]
    [InlineData(40, 1, 2000)]
    public void SeveralBlocksOfDepthAgreeWithSums(int m, int n, int k)
    {
        CheckPacked<float>(m, n, k, accumulate: true, transposed: false);
        CheckPacked<double>(m, n, k, accumulate: false, transposed: true);
        CheckUnpacked<float>(m, n, k, accumulate: true, transposed: true);
        CheckUnpacked<float>(m, n, k, accumulate: false, transposed: false);
        CheckUnpacked<double>(m, n, k, accumulate: false, transposed: true);
    }

    /// <summary>Weight gradients: strips of Aᵀ are packed from 12 panels on, all rows at once or, beyond 1 MB of them, in chunks.</summary>
    [Theory]
    [InlineData(15, 192, 19)]
    [InlineData(16, 193, 1)]
    [InlineData(83, 200, 513)]
    [InlineData(127, 250, 64)]
    [InlineData(1501, 209, 300)]
    [InlineData(17, 192, 37)]
    [InlineData(22, 200, 19)]
    [InlineData(29, 209, 19)]
    public void TransposedProductsOfManyColumnsAgreeWithSums(int m, int n, int k)
    {
        CheckUnpacked<float>(m, n, k, accumulate: true, transposed: true);
        CheckUnpacked<double>(m, n, k, accumulate: false, transposed: true);
    }

    /// <summary>
    /// Rows are packed in strips where 512-bit panels are 8 and more, or more than 4 if the rows lie 4 KiB apart; each strip size has its own
    /// kernel.
    /// </summary>
    [Fact]
    public void PackedProductsOfManyColumnsAgreeWithSums()
    {
        for (var m = 7; m <= 43; m++)
        {
            CheckPacked<float>(m, 128 + (m % 5 * 7), 11 + m, accumulate: m % 2 == 0, transposed: false);
            CheckPacked<double>(m, 64 + (m % 5 * 7), 11 + m, accumulate: m % 2 == 0, transposed: true);
        }

        CheckPacked<float>(13, 84, 1021, accumulate: false, transposed: false);
        CheckPacked<float>(301, 130, 1021, accumulate: true, transposed: false);
    }

    /// <summary>Rows 4 KiB apart and up to 4 panels: 6 or 8 rows at a time, with a remainder, and several blocks of depth.</summary>
    [Fact]
    public void RowsThatCompeteForCacheSetsAgreeWithSums()
    {
        for (var m = 1; m <= 19; m++)
        {
            CheckPacked<float>(m, 3 * m, 1021, accumulate: m % 2 == 0, transposed: false);
            CheckPacked<double>(m, 1 + (3 * m / 2), 509, accumulate: m % 2 == 1, transposed: true);
        }

        CheckPacked<float>(301, 64, 2045, accumulate: true, transposed: false);
    }

    /// <summary>Larger than what is read without fetching ahead, in both element types.</summary>
    [Fact]
    public void AMatrixFarFromTheProcessorAgreesWithSums()
    {
        CheckPacked<float>(17, 2100, 1001, accumulate: true, transposed: false);
        CheckPacked<double>(17, 2101, 503, accumulate: false, transposed: true);
        CheckPacked<float>(17, 260, 2045, accumulate: true, transposed: false);
        CheckPacked<float>(301, 260, 2045, accumulate: false, transposed: false);
    }

    [Fact]
    public void AnEmptySumIsZeroOrAddsNothing()
    {
        using var c = GuardedMemory<float>.Random(6, 1);
        var before = c.ToArray();
        Gemm.Multiply(2, 3, 0, (float*)null, 0, 1, null, 3, c.Pointer, 3, accumulate: true);
        Assert.Equal(before, c.ToArray());
        Gemm.MultiplyPacked(2, 3, 0, (float*)null, 0, null, c.Pointer, 3, accumulate: false);
        Assert.All(c.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void EmptyMatricesTouchNothing()
    {
        Gemm.Multiply(0, 3, 2, (float*)null, 0, 1, null, 3, null, 3, accumulate: false);
        Gemm.MultiplyPacked(2, 0, 3, (double*)null, 0, null, null, 3, accumulate: false);
    }

    [Fact]
    public void ANaNStaysInItsRowAndColumn()
    {
        using var a = GuardedMemory<float>.Random(17 * 40, 1);
        using var b = GuardedMemory<float>.Random(40 * 33, 2);
        using var c = new GuardedMemory<float>(17 * 33);
        b[(3 * 33) + 32] = double.NaN;
        Gemm.Multiply(17, 33, 40, a.Pointer, 40, 1, b.Pointer, 33, c.Pointer, 33, accumulate: false);
        for (var index = 0; index < c.Length; index++)
        {
            Assert.Equal(index % 33 == 32, double.IsNaN(c[index]));
        }
    }

    [Fact]
    public void PackedSizesAreWholeVectors()
    {
        Assert.Equal(5 * 32, Gemm.PackedSize(5, 17));
        Assert.Equal(5 * 24, Gemm.PackedSizeDouble(5, 17));
    }

    private static void CheckPacked<T>(int m, int n, int k, bool accumulate, bool transposed)
        where T : unmanaged, INumber<T>
    {
        var (aRow, cRow) = (k + 3, n + 2);
        var (bRow, bColumn) = transposed ? (1, k + 1) : (n + 1, 1);
        using var a = GuardedMemory<T>.Random(((m - 1) * aRow) + k, m);
        using var b = GuardedMemory<T>.Random(((k - 1) * bRow) + ((n - 1) * bColumn) + 1, n + 1000);
        using var packed = GuardedMemory<T>.Random(Gemm.PackedSize<T>(k, n), 5);
        using var c = GuardedMemory<T>.Random(((m - 1) * cRow) + n, k + 2000);
        var before = c.ToArray();
        Gemm.Pack(b.Pointer, k, n, bRow, bColumn, packed.Pointer);
        Gemm.MultiplyPacked(m, n, k, a.Pointer, aRow, packed.Pointer, c.Pointer, cRow, accumulate);
        Compare(m, n, k, (a, aRow, 1), (b, bRow, bColumn), before, (c, cRow), accumulate);
    }

    private static void CheckNarrow<T>(int m, int n, int k)
        where T : unmanaged, INumber<T>
    {
        var (aRow, cRow) = (k + 3, n + 2);
        var (bRow, bColumn) = k % 2 == 0 ? (1, k + 1) : (n + 1, 1);
        using var a = GuardedMemory<T>.Random(((m - 1) * aRow) + k, m);
        using var b = GuardedMemory<T>.Random(((k - 1) * bRow) + ((n - 1) * bColumn) + 1, n + 1000);
        using var packed = GuardedMemory<T>.Random(n * k, 5);
        using var c = GuardedMemory<T>.Random(((m - 1) * cRow) + n, k + 2000);
        var before = c.ToArray();
        Gemm.PackNarrow(b.Pointer, k, n, bRow, bColumn, packed.Pointer);
        Gemm.MultiplyNarrow(m, n, k, a.Pointer, aRow, packed.Pointer, c.Pointer, cRow);
        Compare(m, n, k, (a, aRow, 1), (b, bRow, bColumn), before, (c, cRow), accumulate: false);
    }

    private static void CheckUnpacked<T>(int m, int n, int k, bool accumulate, bool transposed)
        where T : unmanaged, INumber<T>
    {
        var (aRow, aColumn) = transposed ? (1, m + 2) : (k + 1, 1);
        var (bRow, cRow) = (n == 1 && k % 3 == 0 ? 1 : n + 1, n + 3);
        using var a = GuardedMemory<T>.Random(((m - 1) * aRow) + ((k - 1) * aColumn) + 1, m);
        using var b = GuardedMemory<T>.Random(((k - 1) * bRow) + n, n + 1000);
        using var c = GuardedMemory<T>.Random(((m - 1) * cRow) + n, k + 2000);
        var before = c.ToArray();
        Gemm.Multiply(m, n, k, a.Pointer, aRow, aColumn, b.Pointer, bRow, c.Pointer, cRow, accumulate);
        Compare(m, n, k, (a, aRow, aColumn), (b, bRow, 1), before, (c, cRow), accumulate);
    }

    private static void Compare<T>(
        int m,
        int n,
        int k,
        (GuardedMemory<T> Values, int Row, int Column) a,
        (GuardedMemory<T> Values, int Row, int Column) b,
        double[] before,
        (GuardedMemory<T> Values, int Row) c,
        bool accumulate)
        where T : unmanaged, INumber<T>
    {
        var (left, right) = (a.Values.ToArray(), b.Values.ToArray());
        for (var index = 0; index < before.Length; index++)
        {
            var (i, j) = (index / c.Row, index % c.Row);
            if (j >= n)
            {
                Assert.Equal(before[index], c.Values[index]);
                continue;
            }

            var (sum, magnitude) = accumulate ? (before[index], Math.Abs(before[index])) : (0, 0);
            for (var p = 0; p < k; p++)
            {
                var product = left[(i * a.Row) + (p * a.Column)] * right[(p * b.Row) + (j * b.Column)];
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }

            if (!Within<T>(sum, c.Values[index], k, magnitude))
            {
                Rounding.AssertSum<T>(sum, c.Values[index], k, magnitude, $"{m} × {n} × {k}, element ({i}, {j})");
            }
        }
    }

    private static bool Within<T>(double expected, double actual, int terms, double magnitude)
        where T : unmanaged, INumber<T>
        => Math.Abs(expected - actual) <= 2 * (terms + 4) * Rounding.Unit<T>() * magnitude;
}

using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ContractionTests
{
    [Fact]
    public void Dot_contracts_last_with_first()
    {
        Tensor matrix = Tensor.Of([1, 2, 3, 4, 5, 6], 2, 3);
        Tensor vector = Tensor.Of([1, 0, -1], 3);

        Assert.Equal([-2, -2], Dot(matrix, vector).ToArray());
        TensorAssert.Shape(Dot(matrix, vector), 2);
        Assert.Equal(2, Dot(vector, vector).ToDouble());
        Assert.Equal([9, 12, 15], Dot(Tensor.Of([1, 2], 2), matrix).ToArray());
        Tensor cube = Dot(TensorAssert.Fill(0, 2, 3, 4), TensorAssert.Fill(1, 4, 5, 6));
        TensorAssert.Shape(cube, 2, 3, 5, 6);
        TensorAssert.Close(Einsum("abk,kcd->abcd", TensorAssert.Fill(0, 2, 3, 4), TensorAssert.Fill(1, 4, 5, 6)).ToArray(), cube, 4);
    }

    [Fact]
    public void MatMul_is_a_dot_for_each_leading_index()
    {
        Tensor a = TensorAssert.Fill(0, 2, 3, 4);
        Tensor b = TensorAssert.Fill(1, 2, 4, 5);

        Tensor product = MatMul(a, b);

        TensorAssert.Shape(product, 2, 3, 5);
        TensorAssert.Close(Dot(a[0], b[0]).ToArray(), product[0], 4);
        TensorAssert.Close(Dot(a[1], b[1]).ToArray(), product[1], 4);
    }

    [Theory]
    [InlineData("ij,jk->ik")]
    [InlineData("ij,jk->ki")]
    [InlineData("ij,jk->ikj")]
    [InlineData("ij,jk->")]
    [InlineData("ij,jk->k")]
    [InlineData("ij,lk->kj")]
    public void Einsum_sums_over_what_the_result_does_not_name(string formula)
    {
        Tensor a = TensorAssert.Fill(0, 2, 3);
        Tensor b = TensorAssert.Fill(1, 3, 4);
        string second = formula[3..5];
        string kept = formula[7..];
        Dictionary<char, int> index = [];
        Dictionary<string, double> sums = [];
        for (int cell = 0; cell < 2 * 3 * 3 * 4; cell++)
        {
            (index['i'], index['j'], int r, int s) = (cell / 36, cell / 12 % 3, cell / 4 % 3, cell % 4);
            if (second[0] == 'j' && r != index['j'])
            {
                continue;
            }
            (index[second[0]], index['k']) = (r, s);
            string key = string.Join(",", kept.Select(letter => index[letter]));
            sums[key] = sums.GetValueOrDefault(key) + (a[index['i'], index['j']].ToDouble() * b[r, s].ToDouble());
        }

        Tensor result = Einsum(formula, a, b);

        double[] expected = [.. sums.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
        TensorAssert.Close(expected, result, 72);
    }
}

using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class ProductTests : TorchTest
{
    private const int Examples = 3;

    [SkippableTheory]
    [InlineData("ij,jk->ik", new[] { 4, 5 }, new[] { 5, 6 })]
    [InlineData("ij,kj->ik", new[] { 4, 5 }, new[] { 6, 5 })]
    [InlineData("ij,i->j", new[] { 4, 5 }, new[] { 4 })]
    [InlineData("i,j->ij", new[] { 4 }, new[] { 5 })]
    [InlineData("bij,bjk->bki", new[] { 2, 4, 5 }, new[] { 2, 5, 3 })]
    [InlineData("abc,cd->abd", new[] { 2, 3, 4 }, new[] { 4, 5 })]
    [InlineData("abcd,bd->ca", new[] { 2, 3, 4, 5 }, new[] { 3, 5 })]
    [InlineData("i,i->", new[] { 9 }, new[] { 9 })]
    public void Einsum_of_single_and_batched_operands(string formula, int[] left, int[] right)
    {
        string[] parts = formula.Split(',', '-', '>');
        string batched = $"z{parts[0]},z{parts[1]}->z{parts[^1]}";
        string mixed = $"z{parts[0]},{parts[1]}->z{parts[^1]}";
        int length = left.Aggregate(1, (product, size) => product * size) * right.Aggregate(1, (product, size) => product * size);
        Tensor a = Values(1, left), b = Values(2, right);
        Tensor batchOfA = Batch(3, Examples, left), batchOfB = Batch(4, Examples, right);

        AssertEqual(Einsum(formula, a, b), torch.einsum(formula, ToTorch(a), ToTorch(b)), length);
        AssertEqual(Einsum(formula, batchOfA, batchOfB), torch.einsum(batched, ToTorch(batchOfA), ToTorch(batchOfB)), length);
        AssertEqual(Einsum(formula, batchOfA, b), torch.einsum(mixed, ToTorch(batchOfA), ToTorch(b)), length);
    }

    [SkippableTheory]
    [InlineData(new[] { 4, 5 }, new[] { 5 })]
    [InlineData(new[] { 5 }, new[] { 5, 3 })]
    [InlineData(new[] { 4, 5 }, new[] { 5, 3 })]
    [InlineData(new[] { 2, 4, 5 }, new[] { 5, 3, 2 })]
    [InlineData(new[] { 5 }, new[] { 5 })]
    public void Dot_contracts_last_with_first(int[] left, int[] right)
    {
        Tensor a = Values(5, left), b = Values(6, right);
        AssertEqual(Dot(a, b), torch.tensordot(ToTorch(a), ToTorch(b), [left.Length - 1L], [0L]), length: left[^1]);
    }

    [SkippableFact]
    public void Dot_of_a_weight_and_a_batch_of_vectors()
    {
        Tensor weight = Values(7, 6, 5), x = Batch(8, Examples, 5);
        AssertEqual(Dot(weight, x), ToTorch(x).matmul(ToTorch(weight).t()), length: 5);
    }

    [SkippableTheory]
    [InlineData(new[] { 4, 5 }, new[] { 5, 6 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 2, 3, 5, 6 })]
    public void MatMul_keeps_leading_axes(int[] left, int[] right)
    {
        Tensor a = Batch(9, Examples, left), b = Batch(10, Examples, right);
        AssertEqual(MatMul(a, b), torch.matmul(ToTorch(a), ToTorch(b)), length: left[^1]);
    }
}

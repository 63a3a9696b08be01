using TorchSharp;
using static HyperDsl.Oracle.TorchReferee;
using static HyperDsl.TensorMath;

namespace HyperDsl.Oracle;

public sealed class ShapeTests : TorchTest
{
    private const int Examples = 2;
    private readonly Tensor x = Batch(seed: 1, Examples, 3, 4, 5);

    [SkippableFact]
    public void Reshape_is_row_major() => AssertEqual(Reshape(x, 6, -1), ToTorch(x).reshape(Examples, 6, 10));

    [SkippableTheory]
    [InlineData(0, 2, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(1, 2, 0)]
    public void Transpose_permutes(int first, int second, int third) =>
        AssertEqual(Transpose(x, first, second, third), ToTorch(x).permute(0, first + 1, second + 1, third + 1));

    [SkippableFact]
    public void Transpose_without_an_order_reverses() => AssertEqual(Transpose(x), ToTorch(x).permute(0, 3, 2, 1));

    [SkippableTheory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 0, 1)]
    [InlineData(2, 3, 2)]
    public void Slice_takes_a_stretch(int axis, int start, int length) =>
        AssertEqual(Slice(x, axis, start, length), ToTorch(x).narrow(axis + 1, start, length));

    [SkippableFact]
    public void Indexers_drop_or_cut_axes()
    {
        torch.Tensor theirs = ToTorch(x);
        AssertEqual(x[1], theirs.select(1, 1));
        AssertEqual(x[^1], theirs.select(1, 2));
        AssertEqual(x[1..], theirs.narrow(1, 1, 2));
        AssertEqual(x[.., 3], theirs.select(2, 3));
        AssertEqual(x[0, ^2], theirs.select(1, 0).select(1, 2));
    }

    [SkippableFact]
    public void Pad_fills_with_a_value() =>
        AssertEqual(Pad(x, [1, 0, 2], [0, 3, 1], -7), torch.nn.functional.pad(ToTorch(x), [2, 1, 0, 3, 1, 0], PaddingModes.Constant, -7));

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Concat_and_stack(int axis)
    {
        Tensor y = Batch(seed: 2, Examples, 3, 4, 5);
        AssertEqual(Concat(axis, x, y, x), torch.cat([ToTorch(x), ToTorch(y), ToTorch(x)], axis + 1));
        AssertEqual(Stack(axis, x, y), torch.stack([ToTorch(x), ToTorch(y)], axis + 1));
    }

    [SkippableFact]
    public void Broadcast_repeats() =>
        AssertEqual(Broadcast(Values(3, 4, 1), 3, 4, 5), ToTorch(Values(3, 4, 1)).expand(3, 4, 5));

    [SkippableFact]
    public void Gather_takes_rows_and_one_hot_marks_them()
    {
        Tensor table = Values(4, 6, 5);
        Label index = Label.OfBatch([5, 0, 3, 3], classes: 6);
        torch.Tensor indices = torch.tensor([5L, 0L, 3L, 3L]);
        AssertEqual(Gather(table, index), ToTorch(table).index_select(0, indices));
        AssertEqual(OneHot(index), torch.nn.functional.one_hot(indices, 6).to(torch.float64));
    }
}

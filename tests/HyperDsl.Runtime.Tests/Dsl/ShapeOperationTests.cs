using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ShapeOperationTests
{
    private static readonly Tensor Matrix = Tensor.Of([1, 2, 3, 4, 5, 6], 2, 3);

    [Fact]
    public void Reshape_keeps_row_major_order()
    {
        TensorAssert.Shape(Reshape(Matrix, 3, -1), 3, 2);
        Assert.Equal(Matrix.ToArray(), Reshape(Matrix, -1).ToArray());
        TensorAssert.Shape(Flatten(Matrix), 6);
        TensorAssert.Shape(Expand(Matrix, 0), 1, 2, 3);
        TensorAssert.Shape(Expand(Matrix, -1), 2, 3, 1);
        TensorAssert.Shape(Squeeze(Expand(Matrix, 1), 1), 2, 3);
        TensorAssert.Shape(Squeeze(Expand(Matrix, -1), -1), 2, 3);
    }

    [Fact]
    public void Transpose_moves_axes()
    {
        Assert.Equal([1, 4, 2, 5, 3, 6], Transpose(Matrix).ToArray());
        Tensor cube = TensorAssert.Fill(1, 2, 3, 4);

        Tensor moved = Transpose(cube, 2, 0, 1);

        TensorAssert.Shape(moved, 4, 2, 3);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 4; k++)
                {
                    Assert.Equal(cube[i, j, k].ToDouble(), moved[k, i, j].ToDouble());
                }
            }
        }
        Assert.Equal(cube.ToArray(), Transpose(moved, 1, 2, 0).ToArray());
    }

    [Fact]
    public void Slices_and_indexers_agree()
    {
        Assert.Equal([2, 3, 5, 6], Slice(Matrix, 1, 1, 2).ToArray());
        Assert.Equal([2, 3, 5, 6], Slice(Matrix, -1, 1, 2).ToArray());
        Assert.Equal([4, 5, 6], Matrix[1].ToArray());
        Assert.Equal([4, 5, 6], Matrix[^1].ToArray());
        TensorAssert.Shape(Matrix[1], 3);
        Assert.Equal([4, 5, 6], Matrix[1..2].ToArray());
        TensorAssert.Shape(Matrix[1..2], 1, 3);
        Assert.Equal(6, Matrix[1, ^1].ToDouble());
        Assert.Equal([2, 5], Matrix[.., 1].ToArray());
        TensorAssert.Shape(Matrix[.., 1], 2);
        Assert.Equal([1, 2], Matrix[0, ..^1].ToArray());
        Assert.Equal([5, 6], Matrix[1, 1..3].ToArray());
    }

    [Fact]
    public void Pad_surrounds_with_a_value()
    {
        Tensor padded = Pad(Tensor.Of([1, 2], 1, 2), [1, 0], [0, 2], value: 9);

        TensorAssert.Shape(padded, 2, 4);
        Assert.Equal([9, 9, 9, 9, 1, 2, 9, 9], padded.ToArray());
    }

    [Fact]
    public void Concat_and_stack_join()
    {
        Tensor more = Tensor.Of([7, 8], 2, 1);

        Assert.Equal([1, 2, 3, 7, 4, 5, 6, 8], Concat(1, Matrix, more).ToArray());
        Assert.Equal([1, 2, 3, 7, 4, 5, 6, 8], Concat(-1, Matrix, more).ToArray());
        Tensor stacked = Stack(1, Matrix[0], Matrix[1]);
        TensorAssert.Shape(stacked, 3, 2);
        Assert.Equal(Transpose(Matrix).ToArray(), stacked.ToArray());
        TensorAssert.Shape(Stack(-1, Matrix, Matrix), 2, 3, 2);
    }

    [Fact]
    public void Gather_and_one_hot_name_a_row()
    {
        Label second = Label.Of(1, 2);

        Assert.Equal([4, 5, 6], Gather(Matrix, second).ToArray());
        Assert.Equal([0, 1], OneHot(second).ToArray());
        Assert.Equal(Gather(Matrix, second).ToArray(), Dot(OneHot(second), Matrix).ToArray());
    }

    [Fact]
    public void Diag_and_outer()
    {
        Assert.Equal([1, 0, 0, 0, 2, 0, 0, 0, 3], Diag(Tensor.Of([1, 2, 3], 3)).ToArray());
        Assert.Equal([5], Diag(Tensor.Of([5], 1)).ToArray());
        Assert.Equal([3, 4, 6, 8], Outer(Tensor.Of([1, 2], 2), Tensor.Of([3, 4], 2)).ToArray());
    }

    [Fact]
    public void Detach_changes_nothing() => Assert.Equal(Matrix.ToArray(), Detach(Matrix).ToArray());
}

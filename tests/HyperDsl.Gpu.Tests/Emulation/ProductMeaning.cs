using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>What the axes of a product say for a number of rows: sizes, and its elements one by one in double precision.</summary>
internal sealed class ProductMeaning(ProductKernel product, int rows)
{
    private static readonly Func<ProductAxis, int> Left = axis => axis.Left;
    private static readonly Func<ProductAxis, int> Right = axis => axis.Right;
    private static readonly Func<ProductAxis, int> Result = axis => axis.Result;

    public int LeftLength => Length(Left);

    public int RightLength => Length(Right);

    public int ResultLength => Length(Result);

    public int InnerCount => Count(product.Inner);

    /// <summary>Groups of threads that compute the result once.</summary>
    public int Tiles => Count(product.Groups) * GpuRun.Parts(Count(product.Rows), product.Tile!.Rows)
        * GpuRun.Parts(Count(product.Columns), product.Tile.Columns);

    /// <summary>For each element of the result: its place, and the sum of what is made of each pair of factors.</summary>
    public IEnumerable<(int Place, double Sum)> Elements(float[] left, float[] right, Func<float, float, double> term)
    {
        for (int group = 0; group < Count(product.Groups); group++)
        {
            for (int row = 0; row < Count(product.Rows); row++)
            {
                for (int column = 0; column < Count(product.Columns); column++)
                {
                    int a = Offset(product.Groups, group, Left) + Offset(product.Rows, row, Left);
                    int b = Offset(product.Groups, group, Right) + Offset(product.Columns, column, Right);
                    double sum = 0;
                    for (int inner = 0; inner < InnerCount; inner++)
                    {
                        sum += term(left[a + Offset(product.Inner, inner, Left)], right[b + Offset(product.Inner, inner, Right)]);
                    }

                    yield return (Offset(product.Groups, group, Result) + Offset(product.Rows, row, Result) + Offset(product.Columns, column, Result), sum);
                }
            }
        }
    }

    private static int Offset(EquatableArray<ProductAxis> axes, int index, Func<ProductAxis, int> stride)
    {
        int offset = 0;
        for (int i = axes.Count - 1; i > 0; i--)
        {
            offset += index % axes[i].Extent * stride(axes[i]);
            index /= axes[i].Extent;
        }

        return axes.Count == 0 ? 0 : offset + (index * stride(axes[0]));
    }

    private int Extent(ProductAxis axis) => axis.IsOpen ? axis.Extent * rows : axis.Extent;

    private int Count(EquatableArray<ProductAxis> axes) => axes.Aggregate(1, (count, axis) => count * Extent(axis));

    private int Length(Func<ProductAxis, int> stride) => 1 + new[] { product.Groups, product.Rows, product.Inner, product.Columns }
        .SelectMany(axes => axes).Sum(axis => (Extent(axis) - 1) * stride(axis));
}

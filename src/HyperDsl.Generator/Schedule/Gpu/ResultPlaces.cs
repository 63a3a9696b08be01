using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Finds out whether a pass walks an operand element by element just as a product writes its result: both cover the same memory without
/// gaps, so that an element's address, written in mixed radix, gives the indices of either.
/// </summary>
internal static class ResultPlaces
{
    /// <summary>The indices of a pass as parts of a product's; <c>null</c> if they do not walk the same memory in such a way.</summary>
    public static PlacedAxis[]? Of(ProductKernel product, RowProgram pass, RowOperand operand)
    {
        static int Stride(ProductAxis axis) => axis.Result;
        WalkedAxis[] indices =
        [
            .. WalkedAxis.Of(ProductIndex.Group, product.Groups, Stride), .. WalkedAxis.Of(ProductIndex.Row, product.Rows, Stride),
            .. WalkedAxis.Of(ProductIndex.Column, product.Columns, Stride),
        ];
        List<(int Number, MemoryAxis Memory)> axes = Axes(pass, operand);
        if (indices.Any(index => index.Memory.Begin <= 0) || axes.Any(axis => axis.Memory.Begin <= 0)
            || End(indices.Select(index => index.Memory)) is not long end || End(axes.Select(axis => axis.Memory)) != end)
        {
            return null;
        }
        List<PlacedAxis> placed = [];
        foreach ((int number, MemoryAxis axis) in axes)
        {
            IndexPart?[] parts = [.. indices.Where(index => !index.Memory.IsApart(axis)).Select(index => index.PartIn(axis, out _))];
            if (parts.Contains(null))
            {
                return null;
            }
            placed.Add(new PlacedAxis(number, parts.Select(part => part!).ToEquatable()));
        }
        return placed.ToArray();
    }

    private static List<(int Number, MemoryAxis Memory)> Axes(RowProgram pass, RowOperand operand)
    {
        List<(int, MemoryAxis)> axes = [];
        int number = 0;
        foreach (int extent in pass.RowExtents.Concat(pass.ColumnExtents))
        {
            int stride = operand.Strides[number];
            if (extent != 1)
            {
                axes.Add((number, new MemoryAxis(stride, (long)stride * extent)));
            }
            number++;
        }
        if (pass.OverExamples)
        {
            axes.Add((-1, new MemoryAxis(operand.ExampleStride, 0)));
        }
        return axes;
    }

    /// <summary>Where axes end that follow on one another from 1 on; <c>null</c> if they leave gaps or overlap.</summary>
    private static long? End(IEnumerable<MemoryAxis> axes)
    {
        long end = 1;
        foreach (MemoryAxis axis in axes.OrderBy(axis => axis.Begin).ThenBy(axis => axis.End == 0 ? 1 : 0))
        {
            if (axis.Begin != end)
            {
                return null;
            }
            end = axis.End;
        }
        return end;
    }
}

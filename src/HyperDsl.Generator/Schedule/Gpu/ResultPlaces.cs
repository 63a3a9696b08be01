using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>The lists of axes that an element of a product's result is found by.</summary>
internal enum ResultAxis
{
    Group,
    Row,
    Column,
}

/// <summary>What one index of a product's result contributes to the index of an axis of a pass: <c>index / Divisor % Modulus · Factor</c>.</summary>
/// <param name="Axis">The product's index.</param>
/// <param name="Divisor">Size of what is counted inside.</param>
/// <param name="Modulus">How many places it counts; 0 for all that are left.</param>
/// <param name="Factor">How far it moves the pass' index.</param>
internal sealed record IndexPart(ResultAxis Axis, int Divisor, int Modulus, int Factor);

/// <summary>
/// An axis of a pass over a product's result, in parts of the product's indices.
/// </summary>
/// <param name="Number">Which axis of the pass, its row axes before its columns; -1 for the examples.</param>
/// <param name="Parts">Their sum is the axis' index.</param>
internal sealed record PlacedAxis(int Number, EquatableArray<IndexPart> Parts);

/// <summary>
/// Finds out whether a pass walks an operand element by element just as a product writes its result: both cover the same memory without
/// gaps, so that an element's address, written in mixed radix, gives the indices of either.
/// </summary>
internal static class ResultPlaces
{
    /// <summary>An axis in memory: elements from one place to the next, and the whole; 0 for a whole without a known end.</summary>
    private sealed record Digit(long Begin, long End);

    /// <summary>The indices of a pass as parts of a product's; <c>null</c> if they do not walk the same memory in such a way.</summary>
    public static PlacedAxis[]? Of(ProductKernel product, RowProgram pass, RowOperand operand)
    {
        List<(ResultAxis Axis, int Inside, bool Outermost, Digit Digit)> indices =
        [
            .. Indices(ResultAxis.Group, product.Groups), .. Indices(ResultAxis.Row, product.Rows), .. Indices(ResultAxis.Column, product.Columns),
        ];
        List<(int Number, Digit Digit)> axes = Axes(pass, operand);
        if (indices.Any(index => index.Digit.Begin <= 0) || axes.Any(axis => axis.Digit.Begin <= 0)
            || End(indices.Select(index => index.Digit)) is not long end || End(axes.Select(axis => axis.Digit)) != end)
        {
            return null;
        }
        List<PlacedAxis> placed = [];
        foreach ((int number, Digit axis) in axes)
        {
            List<IndexPart> parts = [];
            foreach ((ResultAxis name, int inside, bool outermost, Digit index) in indices)
            {
                if (!IsApart(index, axis))
                {
                    if (Part(name, inside, outermost, index, axis) is not IndexPart part)
                    {
                        return null;
                    }
                    parts.Add(part);
                }
            }
            placed.Add(new PlacedAxis(number, parts.ToEquatable()));
        }
        return placed.ToArray();
    }

    private static IEnumerable<(ResultAxis Axis, int Inside, bool Outermost, Digit Digit)> Indices(ResultAxis name, EquatableArray<ProductAxis> axes)
    {
        int inside = 1;
        for (int i = axes.Count - 1; i >= 0; i--)
        {
            ProductAxis axis = axes[i];
            yield return (name, inside, i == 0, new Digit(axis.Result, axis.IsOpen ? 0 : (long)axis.Result * axis.Extent));
            inside = checked(inside * axis.Extent);
        }
    }

    private static List<(int Number, Digit Digit)> Axes(RowProgram pass, RowOperand operand)
    {
        List<(int, Digit)> axes = [];
        int number = 0;
        foreach (int extent in pass.RowExtents.Concat(pass.ColumnExtents))
        {
            int stride = operand.Strides[number];
            if (extent != 1)
            {
                axes.Add((number, new Digit(stride, (long)stride * extent)));
            }
            number++;
        }
        if (pass.OverExamples)
        {
            axes.Add((-1, new Digit(operand.ExampleStride, 0)));
        }
        return axes;
    }

    /// <summary>Where axes end that follow on one another from 1 on; <c>null</c> if they leave gaps or overlap.</summary>
    private static long? End(IEnumerable<Digit> digits)
    {
        long end = 1;
        foreach (Digit digit in digits.OrderBy(digit => digit.Begin).ThenBy(digit => digit.End == 0 ? 1 : 0))
        {
            if (digit.Begin != end)
            {
                return null;
            }
            end = digit.End;
        }
        return end;
    }

    private static bool IsApart(Digit a, Digit b) => (a.End != 0 && a.End <= b.Begin) || (b.End != 0 && b.End <= a.Begin);

    /// <summary>The part of a product's index that lies within an axis of the pass.</summary>
    private static IndexPart? Part(ResultAxis name, int inside, bool outermost, Digit index, Digit axis)
    {
        long begin = Math.Max(index.Begin, axis.Begin);
        long end = index.End == 0 ? axis.End : axis.End == 0 ? index.End : Math.Min(index.End, axis.End);
        if (begin % index.Begin != 0 || begin % axis.Begin != 0 || (end != 0 && end % begin != 0))
        {
            return null;
        }
        bool all = outermost && end == index.End;
        return new IndexPart(
            name, checked((int)(inside * (begin / index.Begin))), all ? 0 : checked((int)(end / begin)), checked((int)(begin / axis.Begin)));
    }
}

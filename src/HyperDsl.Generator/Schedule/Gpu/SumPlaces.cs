using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>An axis along which the elements of a sum lie.</summary>
/// <param name="Extent">Its size.</param>
/// <param name="Stride">Distance of neighbours in memory.</param>
internal sealed record SumAxis(int Extent, int Stride);

/// <summary>
/// Where sums belong. Their elements are numbered by these axes, outermost first; the parts of a sum lie in that order, and whoever adds the
/// parts needs every element's address anyway, so a sum can be added up in any order of axes, or in the middle of a larger buffer.
/// </summary>
/// <param name="Axes">Axes of more than one place; neighbours that are walked as one are one.</param>
internal sealed record SumPlaces(EquatableArray<SumAxis> Axes)
{
    public int Elements => Axes.Aggregate(1, (product, axis) => checked(product * axis.Extent));

    /// <summary>Whether an element's number is its distance from the first.</summary>
    public bool IsInOrder => Axes.Count == 0 || (Axes.Count == 1 && Axes[0].Stride == 1);

    public static SumPlaces InOrder(int elements) => Of([new SumAxis(elements, 1)]);

    /// <summary>The result of a product: groups, rows, columns.</summary>
    public static SumPlaces Of(ProductKernel product) => Of(
        product.Groups.Concat(product.Rows).Concat(product.Columns).Select(axis => new SumAxis(axis.Extent, axis.Result)));

    /// <summary>Where a copy of the elements is; <c>null</c> if the copy walks them in such a way that there are no axes for both.</summary>
    /// <param name="copy">Loads all elements, and stores them.</param>
    public SumPlaces? MovedBy(RowProgram copy)
    {
        SumPlaces?[] moved = [.. Axes.Select(axis => MovedBy(copy, axis))];
        return moved.Contains(null) || !IsCopiedBy(copy) ? null : Of(moved.SelectMany(places => places!.Axes));
    }

    /// <summary>Where the places along one of the axes, or along a part of one, are in a copy.</summary>
    public SumPlaces? MovedBy(RowProgram copy, SumAxis axis)
    {
        if (!IsCopiedBy(copy))
        {
            return null;
        }
        // Both count the same places; where one of them passes to its next axis, the other's axis is cut.
        (SumAxis Load, int Store)[] copied = [.. CopiedBy(copy)];
        int[] bounds = [.. Axes.Append(axis).Concat(copied.Select(other => other.Load)).SelectMany(other => new[] { other.Stride, other.Stride * other.Extent })
            .Distinct().OrderBy(bound => bound)];
        List<SumAxis> axes = [];
        for (int i = bounds.Length - 2; i >= 0; i--)
        {
            (int begin, int end) = (bounds[i], bounds[i + 1]);
            if (begin < axis.Stride || end > axis.Stride * axis.Extent)
            {
                continue;
            }
            (SumAxis load, int store) = copied.Single(other => other.Load.Stride <= begin && end <= other.Load.Stride * other.Load.Extent);
            if (end % begin != 0 || begin % axis.Stride != 0 || begin % load.Stride != 0)
            {
                return null;
            }
            axes.Add(new SumAxis(end / begin, checked(store * (begin / load.Stride))));
        }
        return Of(axes);
    }

    /// <summary>Whether two sums have no element in common: one lies behind the other, in all of a buffer or in each of its rows.</summary>
    public static bool AreApart(SumPlaces some, int offset, SumPlaces other, int otherOffset)
    {
        bool AreApartIn(int row)
        {
            (int begin, int end) = (offset % row, (offset % row) + some.SpanIn(row));
            (int otherBegin, int otherEnd) = (otherOffset % row, (otherOffset % row) + other.SpanIn(row));
            return end <= row && otherEnd <= row && (end <= otherBegin || otherEnd <= begin);
        }
        return some.Axes.Concat(other.Axes).Select(axis => axis.Stride).Where(stride => stride > 1).Append(int.MaxValue).Any(AreApartIn);
    }

    /// <summary>How far elements go from the first one, but for whole rows.</summary>
    private int SpanIn(int row) => 1 + Axes.Where(axis => axis.Stride % row != 0).Sum(axis => checked((axis.Extent - 1) * axis.Stride));

    private bool IsCopiedBy(RowProgram copy)
    {
        SumAxis[] loads = [.. CopiedBy(copy).Select(axis => axis.Load)];
        return CoverAll(Axes) && CoverAll(loads) && Elements == loads.Aggregate(1, (product, axis) => product * axis.Extent);
    }

    private static IEnumerable<(SumAxis Load, int Store)> CopiedBy(RowProgram copy) => copy.RowExtents.Concat(copy.ColumnExtents)
        .Select((extent, axis) => (Load: new SumAxis(extent, copy.Operands[0].Strides[axis]), Store: copy.Operands[1].Strides[axis]))
        .Where(axis => axis.Load.Extent != 1);

    /// <summary>Whether axes walk memory from its first element on, without gaps.</summary>
    private static bool CoverAll(IEnumerable<SumAxis> axes)
    {
        int end = 1;
        foreach (SumAxis axis in axes.OrderBy(axis => axis.Stride))
        {
            if (axis.Stride != end)
            {
                return false;
            }
            end = checked(end * axis.Extent);
        }
        return true;
    }

    private static SumPlaces Of(IEnumerable<SumAxis> axes)
    {
        List<SumAxis> merged = [];
        foreach (SumAxis axis in axes.Where(axis => axis.Extent != 1))
        {
            SumAxis? outer = merged.Count > 0 ? merged[merged.Count - 1] : null;
            if (outer is not null && outer.Stride == checked(axis.Stride * axis.Extent))
            {
                merged[merged.Count - 1] = axis with { Extent = checked(outer.Extent * axis.Extent) };
            }
            else
            {
                merged.Add(axis);
            }
        }
        return new SumPlaces(merged.ToEquatable());
    }
}

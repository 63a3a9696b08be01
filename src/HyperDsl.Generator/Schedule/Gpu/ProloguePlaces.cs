using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// The indices of a pass as parts of the indices of a product that reads what the pass makes. Several indices may move along one axis, as the
/// place in an image and the place in a window do, if together they never leave it.
/// </summary>
internal static class ProloguePlaces
{
    /// <summary>Where the product reads; <c>null</c> if its strides do not divide the operand's, or run backwards.</summary>
    public static PlacedAxis[]? Of(ProductKernel product, bool isLeft, Prologue prologue)
    {
        int Stride(ProductAxis axis) => isLeft ? axis.Left : axis.Right;
        WalkedAxis[] indices = [.. new[]
        {
            WalkedAxis.Of(ProductIndex.Group, product.Groups, Stride), WalkedAxis.Of(ProductIndex.Inner, product.Inner, Stride),
            isLeft ? WalkedAxis.Of(ProductIndex.Row, product.Rows, Stride) : WalkedAxis.Of(ProductIndex.Column, product.Columns, Stride),
        }.SelectMany(axes => axes).Where(index => index.Memory.Begin != 0)];
        PrologueAxis top = prologue.Axes[prologue.Axes.Count - 1];
        long size = (long)top.Stride * top.Places;
        if (indices.Any(index => index.Memory.Begin < 0)
            || (!prologue.Pass.OverExamples && indices.Any(index => index.Memory.End == 0 || index.Memory.End > size)))
        {
            return null;
        }
        List<PlacedAxis> placed = [];
        IEnumerable<(int Number, MemoryAxis Memory)> axes = prologue.Axes
            .Select(axis => (axis.Number, new MemoryAxis(axis.Stride, (long)axis.Stride * axis.Places)));
        foreach ((int number, MemoryAxis axis) in prologue.Pass.OverExamples ? axes.Append((-1, new MemoryAxis(size, 0))) : axes)
        {
            if (Parts(indices, axis) is not EquatableArray<IndexPart> parts)
            {
                return null;
            }
            placed.Add(new PlacedAxis(number, parts));
        }
        return placed.ToArray();
    }

    private static EquatableArray<IndexPart>? Parts(WalkedAxis[] indices, MemoryAxis axis)
    {
        List<IndexPart> parts = [];
        long last = 0;
        foreach (WalkedAxis index in indices.Where(index => !index.Memory.IsApart(axis)))
        {
            if (index.PartIn(axis, out long places) is not IndexPart part)
            {
                return null;
            }
            parts.Add(part);
            last += places == 0 ? 0 : (places - 1) * part.Factor;
        }
        // One step beyond the axis would be a step along the next.
        return axis.End == 0 || last < axis.End / axis.Begin ? parts.ToEquatable() : null;
    }
}

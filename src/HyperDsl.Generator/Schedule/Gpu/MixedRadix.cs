using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>The indices of a product.</summary>
internal enum ProductIndex
{
    Group,
    Row,
    Column,
    Inner,
}

/// <summary>What one index of a product contributes to the index of an axis of a pass: <c>index / Divisor % Modulus · Factor</c>.</summary>
/// <param name="Index">The product's index.</param>
/// <param name="Divisor">Size of what is counted inside.</param>
/// <param name="Modulus">How many places it counts; 0 for all that are left.</param>
/// <param name="Factor">How far it moves the pass' index.</param>
internal sealed record IndexPart(ProductIndex Index, int Divisor, int Modulus, int Factor);

/// <summary>An axis of a pass in parts of a product's indices.</summary>
/// <param name="Number">Which axis of the pass, its row axes before its columns; -1 for the examples.</param>
/// <param name="Parts">Their sum is the axis' index.</param>
internal sealed record PlacedAxis(int Number, EquatableArray<IndexPart> Parts);

/// <summary>An axis in memory: elements from one place to the next, and the whole; 0 for a whole without a known end.</summary>
internal sealed record MemoryAxis(long Begin, long End)
{
    public bool IsApart(MemoryAxis other) => (End != 0 && End <= other.Begin) || (other.End != 0 && other.End <= Begin);
}

/// <summary>One axis of a product in one of its buffers.</summary>
/// <param name="Index">The index that it is a part of.</param>
/// <param name="Inside">Places of the axes inside of it, which its index counts, too.</param>
/// <param name="IsOutermost">Whether it is the outermost axis of its index.</param>
/// <param name="Memory">Where it lies.</param>
internal sealed record WalkedAxis(ProductIndex Index, int Inside, bool IsOutermost, MemoryAxis Memory)
{
    /// <summary>The axes of an index, innermost first.</summary>
    public static IEnumerable<WalkedAxis> Of(ProductIndex index, EquatableArray<ProductAxis> axes, Func<ProductAxis, int> stride)
    {
        int inside = 1;
        for (int i = axes.Count - 1; i >= 0; i--)
        {
            int distance = stride(axes[i]);
            yield return new WalkedAxis(index, inside, i == 0, new MemoryAxis(distance, axes[i].IsOpen ? 0 : (long)distance * axes[i].Extent));
            inside = checked(inside * axes[i].Extent);
        }
    }

    /// <summary>The part of the index that moves along an axis of a pass; <c>null</c> if neither divides the other.</summary>
    public IndexPart? PartIn(MemoryAxis axis, out long places)
    {
        long begin = Math.Max(Memory.Begin, axis.Begin);
        long end = Memory.End == 0 ? axis.End : axis.End == 0 ? Memory.End : Math.Min(Memory.End, axis.End);
        places = end == 0 ? 0 : end / begin;
        if (begin % Memory.Begin != 0 || begin % axis.Begin != 0 || (end != 0 && end % begin != 0))
        {
            return null;
        }
        bool all = IsOutermost && end == Memory.End;
        return new IndexPart(
            Index, checked((int)(Inside * (begin / Memory.Begin))), all ? 0 : checked((int)places), checked((int)(begin / axis.Begin)));
    }
}

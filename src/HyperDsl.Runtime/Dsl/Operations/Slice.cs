namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>A stretch of one axis.</summary>
    /// <param name="x">What is cut.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="start">The first entry.</param>
    /// <param name="length">The number of entries, at least 1.</param>
    /// <exception cref="TensorShapeException">The axis does not exist or the stretch lies outside.</exception>
    [Primitive("slice")]
    public static Tensor Slice(Tensor x, int axis, int start, int length)
    {
        int at = ShapeRules.Axis("Slice", axis, x.Rank);
        if (start < 0 || length < 1 || start > x.Sizes[at] - length)
        {
            throw new TensorShapeException(
                $"A slice of {length} entries from entry {start} was asked of axis {at} of {ShapeRules.Text(x.Sizes)}, which has entries "
                + $"0 to {x.Sizes[at] - 1}. Slices hold at least one entry and stay inside.");
        }
        int[] strides = ShapeRules.Strides(x.Sizes);
        int[] shape = (int[])x.Sizes.Clone();
        shape[at] = length;
        int[] source = ShapeRules.Offsets(shape, strides);
        for (int i = 0; i < source.Length; i++)
        {
            source[i] += start * strides[at];
        }
        return Lifting.Pick(x, shape, source);
    }
}

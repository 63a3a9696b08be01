namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Adds entries with a constant value around.</summary>
    /// <param name="x">What is surrounded.</param>
    /// <param name="before">Entries before, one number an axis.</param>
    /// <param name="after">Entries after, one number an axis.</param>
    /// <param name="value">Their value.</param>
    /// <exception cref="TensorShapeException">Not one number an axis, or a negative one.</exception>
    [Primitive("pad")]
    public static Tensor Pad(Tensor x, int[] before, int[] after, double value = 0)
    {
        if (before.Length != x.Rank || after.Length != x.Rank || before.Concat(after).Any(count => count < 0))
        {
            throw new TensorShapeException(
                $"'Pad' of {ShapeRules.Text(x.Sizes)} got {ShapeRules.Text(before)} before and {ShapeRules.Text(after)} after. "
                + $"Give one number, at least 0, for each of the {x.Rank} axes.");
        }
        int[] shape = [.. x.Sizes.Select((size, axis) => before[axis] + size + after[axis])];
        int[] strides = ShapeRules.Strides(shape);
        int[] target = ShapeRules.Offsets(x.Sizes, strides);
        int first = before.Select((count, axis) => count * strides[axis]).Sum();
        return Lifting.One(x, shape, (values, result) =>
        {
            result.Fill(value);
            for (int i = 0; i < values.Length; i++)
            {
                result[first + target[i]] = values[i];
            }
        });
    }
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Another order of the axes.</summary>
    /// <param name="x">What is reordered.</param>
    /// <param name="order">Axis i of the result is axis <c>order[i]</c> of <paramref name="x"/>; empty reverses all axes.</param>
    /// <exception cref="TensorShapeException">The order does not name each axis once.</exception>
    [Primitive("transpose")]
    public static Tensor Transpose(Tensor x, params int[] order)
    {
        int[] from = order.Length == 0
            ? [.. Enumerable.Range(0, x.Rank).Reverse()]
            : [.. order.Select(axis => ShapeRules.Axis("Transpose", axis, x.Rank))];
        if (from.Length != x.Rank || from.Distinct().Count() != x.Rank)
        {
            throw new TensorShapeException(
                $"'Transpose' of {ShapeRules.Text(x.Sizes)} got the order {ShapeRules.Text(order)}. Name each of the {x.Rank} axes once.");
        }
        int[] strides = ShapeRules.Strides(x.Sizes);
        int[] shape = [.. from.Select(axis => x.Sizes[axis])];
        return Lifting.Pick(x, shape, ShapeRules.Offsets(shape, [.. from.Select(axis => strides[axis])]));
    }
}

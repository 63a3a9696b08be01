namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Tensors of one shape side by side along a new axis.</summary>
    /// <param name="axis">Where the new axis stands in the result; negative ones count from its end.</param>
    /// <param name="parts">At least one.</param>
    /// <exception cref="TensorShapeException">There is no part, the axis does not exist, or shapes differ.</exception>
    [Primitive("stack")]
    public static Tensor Stack(int axis, params Tensor[] parts)
    {
        if (parts.Length == 0 || parts.Any(part => !part.Sizes.AsSpan().SequenceEqual(parts[0].Sizes)))
        {
            throw new TensorShapeException(
                $"'Stack' got {string.Join(" and ", parts.Select(p => ShapeRules.Text(p.Sizes)))}. Give at least one tensor, all of one shape.");
        }
        int at = ShapeRules.Axis("Stack", axis, parts[0].Rank + 1);
        int[] unit = [.. parts[0].Sizes[..at], 1, .. parts[0].Sizes[at..]];
        return Concat(at, [.. parts.Select(part => new Tensor(unit, part.Examples, part.Values, part.Steps))]);
    }
}

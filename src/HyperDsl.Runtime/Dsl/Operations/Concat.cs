namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Tensors one after the other along an axis.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="parts">At least one; sizes are equal but for that axis.</param>
    /// <exception cref="TensorShapeException">There is no part, the axis does not exist, or sizes differ.</exception>
    [Primitive("concat")]
    public static Tensor Concat(int axis, params Tensor[] parts)
    {
        if (parts.Length == 0)
        {
            throw new TensorShapeException("'Concat' got nothing to join. Give at least one tensor.");
        }
        int at = ShapeRules.Axis("Concat", axis, parts[0].Rank);
        int[] shape = (int[])parts[0].Sizes.Clone();
        shape[at] = 0;
        foreach (Tensor part in parts)
        {
            if (part.Rank != shape.Length || part.Sizes.Where((size, i) => i != at && size != shape[i]).Any())
            {
                throw new TensorShapeException(
                    $"'Concat' joins {string.Join(" and ", parts.Select(p => ShapeRules.Text(p.Sizes)))} along axis {at}: "
                    + "all other sizes must be equal.");
            }
            shape[at] += part.Sizes[at];
        }
        return Join(parts, at, shape);
    }

    private static Tensor Join(Tensor[] parts, int axis, int[] shape)
    {
        Copies copies = Lifting.Common("Concat", parts);
        int count = ShapeRules.Count(shape);
        int[] strides = ShapeRules.Strides(shape);
        double[] result = new double[count * copies.Count];
        int first = 0;
        foreach (Tensor part in parts)
        {
            double[] values = part.Values;
            int[] target = ShapeRules.Offsets(part.Sizes, strides);
            for (int i = 0; i < part.Count * copies.Count; i++)
            {
                int copy = i / part.Count;
                int element = i % part.Count;
                result[(copy * count) + first + target[element]] = values[Lifting.Start(part, copies, copy) + element];
            }
            first += part.Sizes[axis] * strides[axis];
        }
        return new Tensor(shape, copies.Examples, result, copies.Steps);
    }
}

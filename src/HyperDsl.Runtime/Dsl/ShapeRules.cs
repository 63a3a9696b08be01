namespace HyperDsl;

/// <summary>Sizes, strides and axes of shapes given as arrays, and how messages write them.</summary>
internal static class ShapeRules
{
    public static string Text(IReadOnlyList<int> sizes) => "[" + string.Join(", ", sizes) + "]";

    public static int Count(IReadOnlyList<int> sizes)
    {
        // No foreach: through the interface it allocates, and every compiled call comes by here.
        int product = 1;
        for (int axis = 0; axis < sizes.Count; axis++)
        {
            product = checked(product * sizes[axis]);
        }
        return product;
    }

    public static int[] Strides(IReadOnlyList<int> sizes)
    {
        int[] strides = new int[sizes.Count];
        int step = 1;
        for (int axis = sizes.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= sizes[axis];
        }
        return strides;
    }

    /// <exception cref="TensorShapeException">A size is below 1.</exception>
    public static void CheckSizes(string what, IReadOnlyList<int> sizes)
    {
        foreach (int size in sizes)
        {
            if (size < 1)
            {
                throw new TensorShapeException($"The shape {Text(sizes)} of {what} has a size below 1; sizes are at least 1.");
            }
        }
    }

    /// <summary>The axis counted from the front; negative axes count from the end.</summary>
    /// <exception cref="TensorShapeException">There is no such axis.</exception>
    public static int Axis(string operation, int axis, int rank)
    {
        int fromFront = axis < 0 ? axis + rank : axis;
        return fromFront >= 0 && fromFront < rank ? fromFront : throw new TensorShapeException(
            $"'{operation}' names axis {axis} of a value with {rank} axes; axes run from {-rank} to {rank - 1}.");
    }

    /// <summary>Distinct axes in rising order; <c>null</c> means all.</summary>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    public static int[] Axes(string operation, int[]? axes, int rank)
    {
        if (axes is null)
        {
            return Enumerable.Range(0, rank).ToArray();
        }
        int[] sorted = axes.Select(axis => Axis(operation, axis, rank)).Order().ToArray();
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
            {
                throw new TensorShapeException($"'{operation}' names axis {sorted[i]} twice; name each axis once.");
            }
        }
        return sorted;
    }

    /// <summary>For each element of an array of shape <paramref name="sizes"/> the sum of index times step over the axes.</summary>
    public static int[] Offsets(IReadOnlyList<int> sizes, IReadOnlyList<int> steps)
    {
        int[] offsets = new int[Count(sizes)];
        int[] strides = Strides(sizes);
        for (int element = 0; element < offsets.Length; element++)
        {
            for (int axis = 0; axis < sizes.Count; axis++)
            {
                offsets[element] += element / strides[axis] % sizes[axis] * steps[axis];
            }
        }
        return offsets;
    }

    /// <summary>The shape that all operands can be repeated to, aligned at the last axis.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    public static int[] Common(string operation, params Tensor[] operands)
    {
        int rank = operands.Max(operand => operand.Rank);
        int[] common = Enumerable.Repeat(1, rank).ToArray();
        foreach (Tensor operand in operands)
        {
            for (int axis = 1; axis <= operand.Rank; axis++)
            {
                int size = operand.Sizes[^axis];
                if (size != 1 && common[^axis] != 1 && size != common[^axis])
                {
                    throw new TensorShapeException(
                        $"'{operation}' combines {string.Join(" and ", operands.Select(o => Text(o.Sizes)))}: counted from "
                        + $"the last, axis {axis} is {common[^axis]} on one side and {size} on the other. "
                        + "Sizes must be equal or 1.");
                }
                common[^axis] = size == 1 ? common[^axis] : size;
            }
        }
        return common;
    }

    /// <summary>For each element of the repeated array the element of the original.</summary>
    public static int[] RepeatedFrom(int[] from, int[] to)
    {
        int[] strides = Strides(from);
        int[] steps = new int[to.Length];
        for (int axis = 1; axis <= from.Length; axis++)
        {
            steps[^axis] = from[^axis] == 1 ? 0 : strides[^axis];
        }
        return Offsets(to, steps);
    }
}

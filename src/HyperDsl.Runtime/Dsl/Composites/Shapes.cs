namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>All elements in one axis.</summary>
    public static Tensor Flatten(Tensor x) => Reshape(x, x.Count);

    /// <summary>Adds an axis of size 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">Where it stands in the result; negative ones count from its end.</param>
    /// <exception cref="TensorShapeException">There is no such place.</exception>
    public static Tensor Expand(Tensor x, int axis)
    {
        int at = axis < 0 ? axis + x.Rank + 1 : axis;
        if (at < 0 || at > x.Rank)
        {
            throw new TensorShapeException($"Expand got axis {axis} for a value with {x.Rank} axes; places run from {-x.Rank - 1} to {x.Rank}.");
        }
        int[] shape = new int[x.Rank + 1];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = i == at ? 1 : x.Shape[i < at ? i : i - 1];
        }
        return Reshape(x, shape);
    }

    /// <summary>Removes an axis of size 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <exception cref="TensorShapeException">There is no such axis, or its size is not 1.</exception>
    public static Tensor Squeeze(Tensor x, int axis)
    {
        int at = axis < 0 ? axis + x.Rank : axis;
        if (at < 0 || at >= x.Rank || x.Shape[at] != 1)
        {
            throw new TensorShapeException($"Squeeze got axis {axis} of a value with {x.Rank} axes; the axis must exist and have size 1.");
        }
        int[] shape = new int[x.Rank - 1];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = x.Shape[i < at ? i : i + 1];
        }
        return Reshape(x, shape);
    }
}

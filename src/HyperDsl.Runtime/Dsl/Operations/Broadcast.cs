namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Repeats a value along new or unit axes to reach a shape; axes are aligned at the last, as in NumPy.</summary>
    /// <param name="x">What is repeated.</param>
    /// <param name="shape">The shape to reach.</param>
    /// <exception cref="TensorShapeException">From the last axis on, a size is neither 1 nor that of the target.</exception>
    [Primitive("broadcast")]
    public static Tensor Broadcast(Tensor x, params int[] shape)
    {
        ShapeRules.CheckSizes("a broadcast", shape);
        bool fits = x.Rank <= shape.Length;
        for (int axis = 1; fits && axis <= x.Rank; axis++)
        {
            fits = x.Sizes[^axis] == 1 || x.Sizes[^axis] == shape[^axis];
        }
        return fits
            ? Lifting.Pick(x, (int[])shape.Clone(), ShapeRules.RepeatedFrom(x.Sizes, shape))
            : throw new TensorShapeException(
                $"A value of shape {ShapeRules.Text(x.Sizes)} cannot be repeated to shape {ShapeRules.Text(shape)}: "
                + "from the last axis on, sizes must be equal or 1.");
    }
}

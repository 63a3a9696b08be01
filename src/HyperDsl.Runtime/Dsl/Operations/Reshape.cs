namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="shape">The new sizes; one may be -1, meaning what is left.</param>
    /// <exception cref="TensorShapeException">The numbers of elements differ.</exception>
    [Primitive("reshape")]
    public static Tensor Reshape(Tensor x, params int[] shape)
    {
        int[] sizes = (int[])shape.Clone();
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            sizes[open] = 1;
            int known = ShapeRules.Count(sizes);
            sizes[open] = known > 0 && x.Count % known == 0 ? x.Count / known : -1;
        }
        if (Array.Exists(sizes, size => size < 1) || ShapeRules.Count(sizes) != x.Count)
        {
            throw new TensorShapeException(
                $"'Reshape' turns {ShapeRules.Text(x.Sizes)} ({x.Count} elements) into {ShapeRules.Text(shape)}: "
                + "the numbers of elements must be equal, and only one size may be -1.");
        }
        return new Tensor(sizes, x.Examples, x.Values, x.Steps);
    }
}

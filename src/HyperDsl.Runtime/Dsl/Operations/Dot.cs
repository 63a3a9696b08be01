namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Contracts the last axis of one tensor with the first of the other: inner product, matrix times vector, …</summary>
    /// <param name="a">[…, n].</param>
    /// <param name="b">[n, …].</param>
    /// <returns>The shape of <paramref name="a"/> without its last axis, then that of <paramref name="b"/> without its first.</returns>
    /// <exception cref="TensorShapeException">One is a scalar, or the two sizes differ.</exception>
    [Primitive("dot")]
    public static Tensor Dot(Tensor a, Tensor b)
    {
        if (a.Rank == 0 || b.Rank == 0 || a.Sizes[^1] != b.Sizes[0])
        {
            throw new TensorShapeException(
                $"'Dot' contracts the last axis of {ShapeRules.Text(a.Sizes)} with the first axis of {ShapeRules.Text(b.Sizes)}: "
                + "these two sizes must exist and be equal. Use Transpose or Reshape, or * for scalars.");
        }
        int contracted = b.Sizes[0];
        int columns = b.Count / contracted;
        return Lifting.Two("Dot", a, b, [.. a.Sizes[..^1], .. b.Sizes[1..]], (left, right, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                for (int k = 0; k < contracted; k++)
                {
                    result[i] += left[(i / columns * contracted) + k] * right[(k * columns) + (i % columns)];
                }
            }
        });
    }
}

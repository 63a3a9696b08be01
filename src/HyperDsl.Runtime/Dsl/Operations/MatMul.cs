namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Matrix products, one for each index of the leading axes.</summary>
    /// <param name="a">[…, m, k].</param>
    /// <param name="b">[…, k, n], leading axes equal to those of <paramref name="a"/>.</param>
    /// <returns>[…, m, n].</returns>
    /// <exception cref="TensorShapeException">The shapes are not of this kind.</exception>
    [Primitive("matmul")]
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        if (a.Rank < 2 || a.Rank != b.Rank || a.Sizes[^1] != b.Sizes[^2]
            || !a.Sizes.AsSpan(..^2).SequenceEqual(b.Sizes.AsSpan(..^2)))
        {
            throw new TensorShapeException(
                $"'MatMul' takes […, m, k] and […, k, n] with equal leading axes, but got {ShapeRules.Text(a.Sizes)} and "
                + $"{ShapeRules.Text(b.Sizes)}. Use Transpose or Broadcast, or Dot for a vector.");
        }
        int rows = a.Sizes[^2];
        int contracted = a.Sizes[^1];
        int columns = b.Sizes[^1];
        return Lifting.Two("MatMul", a, b, [.. a.Sizes[..^1], columns], (left, right, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                int matrix = i / columns / rows;
                for (int k = 0; k < contracted; k++)
                {
                    result[i] += left[(i / columns * contracted) + k] * right[(((matrix * contracted) + k) * columns) + (i % columns)];
                }
            }
        });
    }
}

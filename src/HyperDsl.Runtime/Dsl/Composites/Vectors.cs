namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>A matrix with these numbers on the diagonal and zeros elsewhere.</summary>
    /// <param name="diagonal">[n].</param>
    /// <returns>[n, n].</returns>
    /// <exception cref="TensorShapeException">The rank is not 1.</exception>
    public static Tensor Diag(Tensor diagonal)
    {
        CheckVector("Diag", diagonal);
        int n = diagonal.Count;
        // Rows of n + 1 numbers, each beginning with one of the diagonal, read again as rows of n.
        Tensor rows = Pad(Reshape(diagonal, n, 1), [0, 0], [0, n]);
        return Reshape(Slice(Reshape(rows, n * (n + 1)), 0, 0, n * n), n, n);
    }

    /// <summary>All products of an element of one vector with one of another.</summary>
    /// <param name="a">[m].</param>
    /// <param name="b">[n].</param>
    /// <returns>[m, n].</returns>
    /// <exception cref="TensorShapeException">A rank is not 1.</exception>
    public static Tensor Outer(Tensor a, Tensor b)
    {
        CheckVector("Outer", a);
        CheckVector("Outer", b);
        return Reshape(a, a.Count, 1) * Reshape(b, 1, b.Count);
    }

    private static void CheckVector(string operation, Tensor x)
    {
        if (x.Rank != 1)
        {
            throw new TensorShapeException($"{operation} takes vectors, but got a value with {x.Rank} axes. Flatten makes a vector of it.");
        }
    }
}

namespace HyperDsl;

/// <summary>
/// A Gaussian matrix made orthonormal. Gram-Schmidt with a positive diagonal on a Gaussian matrix gives the uniform (Haar)
/// distribution, the same that the thin singular value decomposition of the author's code gives.
/// </summary>
internal sealed class OrthogonalInitialiser : Initialiser
{
    private readonly double scale;
    private readonly int blocks;

    public OrthogonalInitialiser(double scale, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        this.scale = scale;
        this.blocks = blocks;
    }

    internal override double[] Fill(int[] shape, int seed, string name)
    {
        if (shape.Length < 2 || shape[0] % blocks != 0)
        {
            throw new TensorShapeException(
                $"The weight '{name}' of shape {ShapeRules.Text(shape)} cannot be orthogonal in {blocks} blocks. "
                + "It needs at least two axes, and the first must be a multiple of the number of blocks.");
        }
        InitialRandom random = new(seed, name);
        int columns = shape[^1];
        int rows = ShapeRules.Count(shape) / columns / blocks;
        double[] values = new double[rows * columns * blocks];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Normal(i);
        }
        for (int block = 0; block < blocks; block++)
        {
            Span<double> matrix = values.AsSpan(block * rows * columns, rows * columns);
            if (rows <= columns)
            {
                Orthonormalise(matrix, rows, columns, columns, 1);
            }
            else
            {
                Orthonormalise(matrix, columns, rows, 1, columns);
            }
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }
        return values;
    }

    /// <summary>
    /// Modified Gram-Schmidt, each vector twice, which is as accurate as Householder's method (Giraud, Langou and Rozložník 2005).
    /// </summary>
    private static void Orthonormalise(Span<double> matrix, int vectors, int length, int vectorStep, int elementStep)
    {
        for (int v = 0; v < vectors; v++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int u = 0; u < v; u++)
                {
                    AddMultiple(matrix, v * vectorStep, u * vectorStep, length, elementStep);
                }
            }
            double norm = Math.Sqrt(Inner(matrix, v * vectorStep, v * vectorStep, length, elementStep));
            for (int i = 0; i < length; i++)
            {
                matrix[(v * vectorStep) + (i * elementStep)] /= norm;
            }
        }
    }

    private static void AddMultiple(Span<double> matrix, int vector, int unit, int length, int step)
    {
        double share = Inner(matrix, vector, unit, length, step);
        for (int i = 0; i < length; i++)
        {
            matrix[vector + (i * step)] -= share * matrix[unit + (i * step)];
        }
    }

    private static double Inner(Span<double> matrix, int first, int second, int length, int step)
    {
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += matrix[first + (i * step)] * matrix[second + (i * step)];
        }
        return sum;
    }
}

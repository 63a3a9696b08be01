using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HyperDsl;

/// <summary>
/// A Gaussian matrix made orthonormal. Gram-Schmidt with a positive diagonal on a Gaussian matrix gives the uniform (Haar)
/// distribution, the same that the thin singular value decomposition of the author's code gives.
/// </summary>
internal sealed class OrthogonalInitialiser : Initialiser
{
    private const int Lanes = 8;

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
            Orthonormalise(values.AsSpan(block * rows * columns, rows * columns), rows, columns);
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }
        return values;
    }

    /// <summary>Makes rows orthonormal, or columns where there are fewer.</summary>
    private static void Orthonormalise(Span<double> matrix, int rows, int columns)
    {
        if (rows <= columns)
        {
            OrthonormaliseRows(matrix, rows, columns);
            return;
        }
        double[] transposed = new double[matrix.Length];
        Transpose(matrix, transposed, rows, columns);
        OrthonormaliseRows(transposed, columns, rows);
        Transpose(transposed, matrix, columns, rows);
    }

    /// <summary>
    /// Modified Gram-Schmidt, each vector twice, which is as accurate as Householder's method (Giraud, Langou and Rozložník 2005).
    /// </summary>
    private static void OrthonormaliseRows(Span<double> matrix, int rows, int columns)
    {
        for (int v = 0; v < rows; v++)
        {
            Span<double> vector = matrix.Slice(v * columns, columns);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int u = 0; u < v; u++)
                {
                    ReadOnlySpan<double> unit = matrix.Slice(u * columns, columns);
                    AddMultiple(vector, unit, -Inner(vector, unit));
                }
            }
            double norm = Math.Sqrt(Inner(vector, vector));
            foreach (ref double element in vector)
            {
                element /= norm;
            }
        }
    }

    private static void Transpose(ReadOnlySpan<double> from, Span<double> to, int rows, int columns)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[(i % columns * rows) + (i / columns)] = from[i];
        }
    }

    private static void AddMultiple(Span<double> vector, ReadOnlySpan<double> unit, double factor)
    {
        ref double to = ref MemoryMarshal.GetReference(vector);
        ref double from = ref MemoryMarshal.GetReference(unit);
        int whole = vector.Length / Lanes * Lanes;
        for (int i = 0; i < whole; i += Lanes)
        {
            Vector512<double> sum = Vector512.LoadUnsafe(ref to, (nuint)i) + (factor * Vector512.LoadUnsafe(ref from, (nuint)i));
            sum.StoreUnsafe(ref to, (nuint)i);
        }
        for (int i = whole; i < vector.Length; i++)
        {
            vector[i] += factor * unit[i];
        }
    }

    /// <summary>The inner product, in an order that depends on the length only.</summary>
    private static double Inner(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        ref double a = ref MemoryMarshal.GetReference(first);
        ref double b = ref MemoryMarshal.GetReference(second);
        int whole = first.Length / (2 * Lanes) * 2 * Lanes;
        Vector512<double> even = Vector512<double>.Zero;
        Vector512<double> odd = Vector512<double>.Zero;
        for (int i = 0; i < whole; i += 2 * Lanes)
        {
            even += Vector512.LoadUnsafe(ref a, (nuint)i) * Vector512.LoadUnsafe(ref b, (nuint)i);
            odd += Vector512.LoadUnsafe(ref a, (nuint)(i + Lanes)) * Vector512.LoadUnsafe(ref b, (nuint)(i + Lanes));
        }
        Vector512<double> lanes = even + odd;
        double sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            sum += lanes.GetElement(lane);
        }
        for (int i = whole; i < first.Length; i++)
        {
            sum += first[i] * second[i];
        }
        return sum;
    }
}

namespace HyperDsl;

/// <summary>
/// A matrix for each element of the last axis, each as <see cref="OrthogonalInitialiser"/> makes it and drawn by itself. Seen as one
/// matrix, a weight that is a sum would have long orthonormal columns, and none of its summands would be orthogonal.
/// </summary>
internal sealed class OrthogonalSlicesInitialiser(double scale) : Initialiser
{
    internal override double[] Fill(int[] shape, int seed, string name)
    {
        if (shape.Length < 3)
        {
            throw new TensorShapeException(
                $"The weight '{name}' of shape {ShapeRules.Text(shape)} cannot be orthogonal slice by slice: it needs at least three axes, "
                + "of which the last counts the matrices.");
        }
        int slices = shape[^1];
        int columns = shape[^2];
        double[] matrices = new OrthogonalInitialiser(scale, slices).Fill([ShapeRules.Count(shape) / columns, columns], seed, name);
        int size = matrices.Length / slices;
        double[] values = new double[matrices.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = matrices[(i % slices * size) + (i / slices)];
        }
        return values;
    }
}

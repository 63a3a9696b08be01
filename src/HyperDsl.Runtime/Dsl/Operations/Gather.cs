namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The row of a table that a label names.</summary>
    /// <param name="table">[classes, …].</param>
    /// <param name="index">Its number of classes is the table's first size.</param>
    /// <returns>The table's shape without its first axis.</returns>
    /// <exception cref="TensorShapeException">The table is a scalar or its first size differs.</exception>
    [Primitive("gather")]
    public static Tensor Gather(Tensor table, Label index)
    {
        if (table.Rank == 0 || table.Sizes[0] != index.Classes)
        {
            throw new TensorShapeException(
                $"'Gather' takes a row of {ShapeRules.Text(table.Sizes)} by a label with {index.Classes} classes. "
                + "The first size of the table must be the number of classes.");
        }
        Copies labels = new(index.Steps, index.Examples);
        Copies copies = Copies.Common("Gather", Copies.Of(table), labels);
        int[] shape = table.Sizes[1..];
        int width = ShapeRules.Count(shape);
        double[] values = table.Values;
        double[] result = new double[width * copies.Count];
        for (int copy = 0; copy < copies.Count; copy++)
        {
            int row = index.Values[copies.IndexIn(labels, copy)];
            Array.Copy(values, Lifting.Start(table, copies, copy) + (row * width), result, copy * width, width);
        }
        return new Tensor(shape, copies.Examples, result, copies.Steps);
    }
}

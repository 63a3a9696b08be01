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
        if (table.Examples is int count && index.Examples is int other && count != other)
        {
            throw new TensorShapeException(
                $"'Gather' combines values of batches of {count} and of {other} examples. All inputs of one evaluation come from one batch.");
        }
        int? examples = table.Examples ?? index.Examples;
        int[] shape = table.Sizes[1..];
        int width = ShapeRules.Count(shape);
        double[] values = table.Values;
        double[] result = new double[width * (examples ?? 1)];
        for (int example = 0; example < (examples ?? 1); example++)
        {
            int row = index.Values[index.Examples is null ? 0 : example];
            Array.Copy(values, Lifting.Start(table, example) + (row * width), result, example * width, width);
        }
        return new Tensor(shape, examples, result);
    }
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The sum over some axes.</summary>
    /// <param name="x">What is summed.</param>
    /// <param name="axes">Axes; negative ones count from the end; <c>null</c> for all.</param>
    /// <param name="keep">Whether the axes stay, with size 1.</param>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    [Primitive("sum")]
    public static Tensor Sum(Tensor x, int[]? axes = null, bool keep = false) =>
        Reduce("Sum", x, axes, keep, 0, (total, value) => total + value);

    private static Tensor Reduce(
        string operation, Tensor x, int[]? axes, bool keep, double start, Func<double, double, double> combine)
    {
        int[] reduced = ShapeRules.Axes(operation, axes, x.Rank);
        int[] unit = (int[])x.Sizes.Clone();
        foreach (int axis in reduced)
        {
            unit[axis] = 1;
        }
        int[] target = ShapeRules.RepeatedFrom(unit, x.Sizes);
        int[] shape = keep ? unit : [.. x.Sizes.Where((_, axis) => !reduced.Contains(axis))];
        return Lifting.One(x, shape, (values, result) =>
        {
            result.Fill(start);
            for (int i = 0; i < values.Length; i++)
            {
                result[target[i]] = combine(result[target[i]], values[i]);
            }
        });
    }
}

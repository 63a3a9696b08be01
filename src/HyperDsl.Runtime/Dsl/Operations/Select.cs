namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>Elements of one tensor where a condition holds, else of another, with broadcasting.</summary>
    /// <param name="condition">Holds where it is not 0; gets no gradient.</param>
    /// <param name="whenTrue">Taken where it holds.</param>
    /// <param name="whenFalse">Taken elsewhere.</param>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("select")]
    public static Tensor Select(Tensor condition, Tensor whenTrue, Tensor whenFalse)
    {
        int[] shape = ShapeRules.Common("Select", condition, whenTrue, whenFalse);
        int[] fromCondition = ShapeRules.RepeatedFrom(condition.Sizes, shape);
        int[] fromTrue = ShapeRules.RepeatedFrom(whenTrue.Sizes, shape);
        int[] fromFalse = ShapeRules.RepeatedFrom(whenFalse.Sizes, shape);
        double[] conditions = condition.Values;
        double[] first = whenTrue.Values;
        double[] second = whenFalse.Values;
        Copies copies = Lifting.Common("Select", condition, whenTrue, whenFalse);
        double[] result = new double[fromTrue.Length * copies.Count];
        for (int i = 0; i < result.Length; i++)
        {
            int copy = i / fromTrue.Length;
            int element = i % fromTrue.Length;
            result[i] = conditions[Lifting.Start(condition, copies, copy) + fromCondition[element]] != 0
                ? first[Lifting.Start(whenTrue, copies, copy) + fromTrue[element]]
                : second[Lifting.Start(whenFalse, copies, copy) + fromFalse[element]];
        }
        return new Tensor(shape, copies.Examples, result, copies.Steps);
    }
}

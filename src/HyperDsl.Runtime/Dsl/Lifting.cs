namespace HyperDsl;

/// <summary>Applies to one example: operands in, result out.</summary>
internal delegate void OnOne(ReadOnlySpan<double> x, Span<double> result);

/// <summary>Applies to one example: two operands in, result out.</summary>
internal delegate void OnTwo(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result);

/// <summary>
/// Makes an operation on one example at one step an operation on a batch of sequences. An operand that does not vary with the
/// example is shared by all of them, one that does not vary with time by all steps; if no operand varies, neither does the result.
/// </summary>
internal static class Lifting
{
    public static Tensor One(Tensor x, int[] shape, OnOne body)
    {
        double[] values = x.Values;
        int count = ShapeRules.Count(shape);
        int copies = Copies.Of(x).Count;
        double[] result = new double[count * copies];
        for (int copy = 0; copy < copies; copy++)
        {
            body(values.AsSpan(copy * x.Count, x.Count), result.AsSpan(copy * count, count));
        }
        return new Tensor(shape, x.Examples, result, x.Steps);
    }

    public static Tensor Two(string operation, Tensor a, Tensor b, int[] shape, OnTwo body)
    {
        double[] first = a.Values;
        double[] second = b.Values;
        int count = ShapeRules.Count(shape);
        Copies copies = Copies.Common(operation, Copies.Of(a), Copies.Of(b));
        double[] result = new double[count * copies.Count];
        for (int copy = 0; copy < copies.Count; copy++)
        {
            body(
                first.AsSpan(Start(a, copies, copy), a.Count),
                second.AsSpan(Start(b, copies, copy), b.Count),
                result.AsSpan(copy * count, count));
        }
        return new Tensor(shape, copies.Examples, result, copies.Steps);
    }

    /// <summary>Takes each element of the result from one element of the operand.</summary>
    public static Tensor Pick(Tensor x, int[] shape, int[] source) => One(x, shape, (values, result) =>
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[source[i]];
        }
    });

    public static Tensor Elementwise(Tensor x, Func<double, double> function) => One(x, x.Sizes, (values, result) =>
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = function(values[i]);
        }
    });

    public static Tensor Elementwise(string operation, Tensor a, Tensor b, Func<double, double, double> function)
    {
        int[] shape = ShapeRules.Common(operation, a, b);
        int[] fromA = ShapeRules.RepeatedFrom(a.Sizes, shape);
        int[] fromB = ShapeRules.RepeatedFrom(b.Sizes, shape);
        return Two(operation, a, b, shape, (first, second, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = function(first[fromA[i]], second[fromB[i]]);
            }
        });
    }

    /// <summary>Where the elements of an operand begin that belong to a copy of the result.</summary>
    public static int Start(Tensor x, Copies copies, int copy) => copies.IndexIn(Copies.Of(x), copy) * x.Count;

    /// <summary>What the result of an operation on many operands varies with.</summary>
    /// <exception cref="TensorShapeException">Batches or numbers of steps differ.</exception>
    public static Copies Common(string operation, params Tensor[] operands) =>
        Copies.Common(operation, Array.ConvertAll(operands, Copies.Of));
}

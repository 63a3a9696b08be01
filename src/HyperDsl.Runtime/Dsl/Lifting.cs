namespace HyperDsl;

/// <summary>Applies to one example: operands in, result out.</summary>
internal delegate void OnOne(ReadOnlySpan<double> x, Span<double> result);

/// <summary>Applies to one example: two operands in, result out.</summary>
internal delegate void OnTwo(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result);

/// <summary>
/// Makes an operation on one example an operation on a batch. An operand that does not vary with the example is shared by all
/// of them; if no operand varies, neither does the result.
/// </summary>
internal static class Lifting
{
    public static Tensor One(Tensor x, int[] shape, OnOne body)
    {
        double[] values = x.Values;
        int count = ShapeRules.Count(shape);
        double[] result = new double[count * (x.Examples ?? 1)];
        for (int example = 0; example < (x.Examples ?? 1); example++)
        {
            body(values.AsSpan(example * x.Count, x.Count), result.AsSpan(example * count, count));
        }
        return new Tensor(shape, x.Examples, result);
    }

    public static Tensor Two(string operation, Tensor a, Tensor b, int[] shape, OnTwo body)
    {
        double[] first = a.Values;
        double[] second = b.Values;
        int count = ShapeRules.Count(shape);
        int? examples = Examples(operation, a, b);
        double[] result = new double[count * (examples ?? 1)];
        for (int example = 0; example < (examples ?? 1); example++)
        {
            body(
                first.AsSpan(Start(a, example), a.Count),
                second.AsSpan(Start(b, example), b.Count),
                result.AsSpan(example * count, count));
        }
        return new Tensor(shape, examples, result);
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

    /// <summary>Where an example's elements begin.</summary>
    public static int Start(Tensor x, int example) => x.Examples is null ? 0 : example * x.Count;

    /// <summary>The number of examples of the operands that have any.</summary>
    /// <exception cref="TensorShapeException">Two operands come from batches of different sizes.</exception>
    public static int? Examples(string operation, params ReadOnlySpan<Tensor> operands)
    {
        int? examples = null;
        foreach (Tensor operand in operands)
        {
            if (examples is int found && operand.Examples is int other && found != other)
            {
                throw new TensorShapeException(
                    $"'{operation}' combines values of batches of {found} and of {other} examples. "
                    + "All inputs of one evaluation come from one batch.");
            }
            examples ??= operand.Examples;
        }
        return examples;
    }
}

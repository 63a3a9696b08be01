using System.Globalization;

namespace HyperDsl;

/// <summary>
/// An array of real numbers, written for one example. Every operation yields a new tensor. When a model runs eagerly over a
/// batch, a tensor that varies with the example holds the values of all of them and every operation acts on each; shapes
/// never mention it.
/// </summary>
/// <remarks>This implementation is plain, in double precision, and slow: the compiled code is measured against it.</remarks>
[HyperLibrary]
public partial class Tensor
{
    private readonly int[] sizes;
    private readonly double[] values;

    internal Tensor(int[] sizes, int? examples, double[] values)
    {
        this.sizes = sizes;
        this.values = values;
        Examples = examples;
        Count = ShapeRules.Count(sizes);
    }

    /// <summary>Sizes for one example, outermost axis first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape => sizes;

    /// <summary>The number of axes.</summary>
    public int Rank => sizes.Length;

    /// <summary>The number of elements of one example.</summary>
    public int Count { get; }

    /// <summary>How many examples the tensor holds; <c>null</c> when its values do not vary with the example.</summary>
    public int? Examples { get; }

    /// <summary>The sizes as an array; not to be changed.</summary>
    internal int[] Sizes => sizes;

    /// <summary>The elements, row-major, one example after the other; not to be changed.</summary>
    internal virtual double[] Values => values;

    /// <summary>A tensor that is the same for every example.</summary>
    /// <param name="values">Elements, row-major; copied.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    /// <exception cref="TensorShapeException">The number of values is not the product of the sizes.</exception>
    public static Tensor Of(ReadOnlySpan<double> values, params int[] shape) => Make(values, null, shape);

    /// <summary>A tensor with values for each example of a batch.</summary>
    /// <param name="examples">The number of examples.</param>
    /// <param name="values">Elements, row-major, one example after the other; copied.</param>
    /// <param name="shape">Sizes for one example; none for a scalar.</param>
    /// <exception cref="TensorShapeException">The number of values is not examples times the product of the sizes.</exception>
    public static Tensor OfBatch(int examples, ReadOnlySpan<double> values, params int[] shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return Make(values, examples, shape);
    }

    /// <summary>A scalar.</summary>
    [Primitive("constant")]
    public static implicit operator Tensor(double value) => new([], null, [value]);

    /// <summary>The elements, row-major, one example after the other.</summary>
    public double[] ToArray() => (double[])Values.Clone();

    /// <summary>The number in a tensor with one element that does not vary with the example.</summary>
    /// <exception cref="TensorShapeException">There are more numbers.</exception>
    public double ToDouble() => Values.Length == 1 ? Values[0] : throw new TensorShapeException(
        $"A single number was asked of {this}, which holds {Values.Length} numbers. Use ToArray, or reduce it first.");

    /// <summary>Shape and number of examples, such as <c>[28, 28, 1] of 64 examples</c>.</summary>
    public override string ToString() => Examples is int examples
        ? string.Create(CultureInfo.InvariantCulture, $"{ShapeRules.Text(sizes)} of {examples} examples")
        : ShapeRules.Text(sizes);

    private static Tensor Make(ReadOnlySpan<double> values, int? examples, int[] shape)
    {
        ShapeRules.CheckSizes("a tensor", shape);
        long expected = (long)ShapeRules.Count(shape) * (examples ?? 1);
        if (values.Length != expected)
        {
            throw new TensorShapeException(
                $"{values.Length} values were given for a tensor of shape {ShapeRules.Text(shape)}"
                + (examples is int count ? $" and {count} examples" : "")
                + $", which holds {expected}. Give as many values as there are elements.");
        }
        return new Tensor((int[])shape.Clone(), examples, values.ToArray());
    }
}

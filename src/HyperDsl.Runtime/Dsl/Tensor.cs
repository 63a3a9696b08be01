namespace HyperDsl;

/// <summary>
/// An array of real numbers, written for one example and one step of time. Every operation yields a new tensor. When a model
/// runs eagerly over a batch, a tensor that varies with the example holds the values of all of them, one that varies with time
/// the values of all steps, and every operation acts on each; shapes never mention it.
/// </summary>
/// <remarks>This implementation is plain, in double precision, and slow: the compiled code is measured against it.</remarks>
[HyperLibrary]
public partial class Tensor
{
    private readonly int[] sizes;
    private readonly double[] values;

    internal Tensor(int[] sizes, int? examples, double[] values, int? steps = null)
    {
        this.sizes = sizes;
        this.values = values;
        Examples = examples;
        Steps = steps;
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

    /// <summary>How many steps of time the tensor holds; <c>null</c> when its values do not vary with time.</summary>
    public int? Steps { get; }

    /// <summary>The sizes as an array; not to be changed.</summary>
    internal int[] Sizes => sizes;

    /// <summary>The elements [step, example, shape], row-major; not to be changed.</summary>
    internal virtual double[] Values => values;

    /// <summary>A tensor that is the same for every example.</summary>
    /// <param name="values">Elements, row-major; copied.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    /// <exception cref="TensorShapeException">The number of values is not the product of the sizes.</exception>
    public static Tensor Of(ReadOnlySpan<double> values, params int[] shape) => Make(values, null, null, shape);

    /// <summary>A tensor with values for each example of a batch.</summary>
    /// <param name="examples">The number of examples.</param>
    /// <param name="values">Elements, row-major, one example after the other; copied.</param>
    /// <param name="shape">Sizes for one example; none for a scalar.</param>
    /// <exception cref="TensorShapeException">The number of values is not examples times the product of the sizes.</exception>
    public static Tensor OfBatch(int examples, ReadOnlySpan<double> values, params int[] shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return Make(values, null, examples, shape);
    }

    /// <summary>A tensor with values for each step and each example of a batch.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="examples">The number of examples.</param>
    /// <param name="values">Elements [step, example, shape], row-major; copied.</param>
    /// <param name="shape">Sizes for one example at one step; none for a scalar.</param>
    /// <exception cref="TensorShapeException">The number of values is not steps times examples times the product of the sizes.</exception>
    public static Tensor OfSequence(int steps, int examples, ReadOnlySpan<double> values, params int[] shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return Make(values, steps, examples, shape);
    }

    /// <summary>A scalar.</summary>
    [Primitive("constant")]
    public static implicit operator Tensor(double value) => new([], null, [value]);

    /// <summary>The elements [step, example, shape], row-major.</summary>
    public double[] ToArray() => (double[])Values.Clone();

    /// <summary>The number in a tensor with one element that varies neither with the example nor with time.</summary>
    /// <exception cref="TensorShapeException">There are more numbers.</exception>
    public double ToDouble() => Values.Length == 1 ? Values[0] : throw new TensorShapeException(
        $"A single number was asked of {this}, which holds {Values.Length} numbers. Use ToArray, or reduce it first.");

    /// <summary>Shape and copies, such as <c>[28, 28, 1] of 64 examples</c> or <c>[96] of 10 steps and 64 examples</c>.</summary>
    public override string ToString() => ShapeRules.Text(sizes) + new Copies(Steps, Examples).InWords(" of ");

    /// <summary>The value at one step, which does not vary with time; itself where it does not vary anyhow.</summary>
    internal Tensor AtStep(int step)
    {
        if (Steps is null)
        {
            return this;
        }
        int length = Count * (Examples ?? 1);
        return new Tensor(sizes, Examples, Values.AsSpan(step * length, length).ToArray());
    }

    /// <summary>Values of consecutive steps, all of one shape, as one that varies with time.</summary>
    internal static Tensor OfSteps(Tensor[] steps)
    {
        Copies common = Lifting.Common("Scan", steps);
        int count = steps[0].Count;
        double[] values = new double[count * common.Count * steps.Length];
        for (int i = 0; i < values.Length / count; i++)
        {
            Tensor step = steps[i / common.Count];
            step.Values.AsSpan(Lifting.Start(step, common, i % common.Count), count).CopyTo(values.AsSpan(i * count, count));
        }
        return new Tensor(steps[0].sizes, common.Examples, values, steps.Length);
    }

    private static Tensor Make(ReadOnlySpan<double> values, int? steps, int? examples, int[] shape)
    {
        ShapeRules.CheckSizes("a tensor", shape);
        Copies copies = new(steps, examples);
        long expected = (long)ShapeRules.Count(shape) * copies.Count;
        if (values.Length != expected)
        {
            throw new TensorShapeException(
                $"{values.Length} values were given for a tensor of shape {ShapeRules.Text(shape)}"
                + copies.InWords(steps is null ? " and " : ", ")
                + $", which holds {expected}. Give as many values as there are elements.");
        }
        return new Tensor((int[])shape.Clone(), examples, values.ToArray(), steps);
    }
}

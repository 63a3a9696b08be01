using System.Globalization;

namespace HyperDsl;

/// <summary>A class index, for one example or for each example of a batch, and for each step of time where it varies with it.</summary>
[HyperLibrary]
public sealed class Label
{
    private Label(int[] values, Copies copies, int classes)
    {
        Values = values;
        Examples = copies.Examples;
        Steps = copies.Steps;
        Classes = classes;
    }

    /// <summary>The number of classes; values are from 0 up to, not including, this.</summary>
    public int Classes { get; }

    /// <summary>How many examples it is for; <c>null</c> when it does not vary with the example.</summary>
    public int? Examples { get; }

    /// <summary>How many steps of time it is for; <c>null</c> when it does not vary with time.</summary>
    public int? Steps { get; }

    /// <summary>The classes, [step, example].</summary>
    internal int[] Values { get; }

    /// <summary>A label that is the same for every example.</summary>
    /// <param name="value">The class.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public static Label Of(int value, int classes) => Make([value], default, classes);

    /// <summary>A label for each example of a batch.</summary>
    /// <param name="values">The classes, one an example; copied.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class does not exist.</exception>
    public static Label OfBatch(ReadOnlySpan<int> values, int classes) => Make(values.ToArray(), new Copies(null, values.Length), classes);

    /// <summary>A label for each step and each example of a batch.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="examples">The number of examples.</param>
    /// <param name="values">The classes, [step, example]; copied.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class does not exist.</exception>
    /// <exception cref="TensorShapeException">The number of values is not steps times examples.</exception>
    public static Label OfSequence(int steps, int examples, ReadOnlySpan<int> values, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return values.Length == (long)steps * examples
            ? Make(values.ToArray(), new Copies(steps, examples), classes)
            : throw new TensorShapeException(
                $"{values.Length} labels were given for {steps} steps and {examples} examples. Give one for each step of each example.");
    }

    private static Label Make(int[] values, Copies copies, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(values.Length, 0, nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < 0 || values[i] >= classes)
            {
                throw new ArgumentOutOfRangeException(nameof(values), string.Create(
                    CultureInfo.InvariantCulture,
                    $"The label of {PlaceOf(i, copies)} is {values[i]}, but there are {classes} classes: labels run from 0 to {classes - 1}."));
            }
        }
        return new Label(values, copies, classes);
    }

    private static string PlaceOf(int index, Copies copies) => copies.Steps is null
        ? string.Create(CultureInfo.InvariantCulture, $"example {index}")
        : string.Create(CultureInfo.InvariantCulture, $"example {index % (copies.Examples ?? 1)} at step {index / (copies.Examples ?? 1)}");
}

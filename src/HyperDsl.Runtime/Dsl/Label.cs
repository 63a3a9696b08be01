using System.Globalization;

namespace HyperDsl;

/// <summary>A class index, for one example or for each example of a batch.</summary>
[HyperLibrary]
public sealed class Label
{
    private Label(int[] values, int? examples, int classes)
    {
        Values = values;
        Examples = examples;
        Classes = classes;
    }

    /// <summary>The number of classes; values are from 0 up to, not including, this.</summary>
    public int Classes { get; }

    /// <summary>How many examples it is for; <c>null</c> when it does not vary with the example.</summary>
    public int? Examples { get; }

    internal int[] Values { get; }

    /// <summary>A label that is the same for every example.</summary>
    /// <param name="value">The class.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class does not exist.</exception>
    public static Label Of(int value, int classes) => Make([value], null, classes);

    /// <summary>A label for each example of a batch.</summary>
    /// <param name="values">The classes, one an example; copied.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class does not exist.</exception>
    public static Label OfBatch(ReadOnlySpan<int> values, int classes) => Make(values.ToArray(), values.Length, classes);

    private static Label Make(int[] values, int? examples, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(values.Length, 0, nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < 0 || values[i] >= classes)
            {
                throw new ArgumentOutOfRangeException(nameof(values), string.Create(
                    CultureInfo.InvariantCulture,
                    $"The label of example {i} is {values[i]}, but there are {classes} classes: labels run from 0 to {classes - 1}."));
            }
        }
        return new Label(values, examples, classes);
    }
}

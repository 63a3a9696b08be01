namespace HyperDsl.Execution;

/// <summary>
/// How a column of a batch lies in memory while it is computed with: slice after slice, in a slice step after step, in a step example
/// after example. Callers have it example after example. Without time the two are the same.
/// </summary>
/// <param name="Examples">Examples of the batch.</param>
/// <param name="Steps">Steps of time; 1 for what does not vary with it.</param>
/// <param name="Size">Elements of one example at one step.</param>
/// <param name="SliceRows">Examples of a full slice.</param>
internal readonly record struct SliceLayout(int Examples, int Steps, int Size, int SliceRows)
{
    /// <summary>Elements in all.</summary>
    public int Length => checked(Examples * Steps * Size);

    /// <summary>From the caller's order to that of slices.</summary>
    public void Arrange<T>(ReadOnlySpan<T> source, Span<T> target)
    {
        for (var first = 0; first < Examples; first += SliceRows)
        {
            ArrangeSlice(source, target, first);
        }
    }

    /// <summary>The same for the slice that begins at an example.</summary>
    public void ArrangeSlice<T>(ReadOnlySpan<T> source, Span<T> target, int first)
    {
        var rows = Math.Min(SliceRows, Examples - first);
        var begin = first * Steps * Size;
        if (Steps == 1)
        {
            source.Slice(begin, rows * Size).CopyTo(target[begin..]);
            return;
        }

        for (var row = 0; row < rows; row++)
        {
            for (var step = 0; step < Steps; step++)
            {
                source.Slice(begin + (((row * Steps) + step) * Size), Size).CopyTo(target[(begin + (((step * rows) + row) * Size))..]);
            }
        }
    }

    /// <summary>From the order of slices to the caller's.</summary>
    public static void Restore<T>(ReadOnlySpan<T> source, Span<T> target, int examples, int steps, int size, int sliceRows)
    {
        for (var first = 0; first < examples; first += sliceRows)
        {
            var rows = Math.Min(sliceRows, examples - first);
            for (var row = 0; row < rows; row++)
            {
                for (var step = 0; step < steps; step++)
                {
                    source.Slice(((first * steps) + (step * rows) + row) * size, size)
                        .CopyTo(target.Slice((((first + row) * steps) + step) * size, size));
                }
            }
        }
    }
}

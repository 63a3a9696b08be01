namespace HyperDsl;

/// <summary>Windows that slide along one axis of an image with padding around.</summary>
/// <param name="Inputs">Entries of the axis.</param>
/// <param name="Size">Entries of a window.</param>
/// <param name="Stride">Entries from one window to the next.</param>
/// <param name="Before">Padding before the first entry.</param>
/// <param name="Outputs">The number of windows.</param>
internal readonly record struct Window(int Inputs, int Size, int Stride, int Before, int Outputs)
{
    /// <exception cref="TensorShapeException">No window fits, or a number is out of range.</exception>
    public static Window Of(string operation, int inputs, int size, int stride, int before, int after)
    {
        int room = inputs + before + after - size;
        if (stride < 1 || size < 1 || before < 0 || after < 0 || room < 0)
        {
            throw new TensorShapeException(
                $"'{operation}' slides a window of {size} with stride {stride} over {inputs} entries padded by {before} and {after}. "
                + "Strides are at least 1, padding at least 0, and the window fits into the padded image.");
        }
        return new Window(inputs, size, stride, before, (room / stride) + 1);
    }

    /// <summary>The entry under a place of a window, or -1 in the padding.</summary>
    public int Input(int output, int place)
    {
        int input = (output * Stride) + place - Before;
        return input >= 0 && input < Inputs ? input : -1;
    }
}

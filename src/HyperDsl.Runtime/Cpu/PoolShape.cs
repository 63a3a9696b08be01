namespace HyperDsl.Cpu;

/// <summary>The sizes of a pooling: image [height, width, channels], result [output height, output width, channels].</summary>
public readonly struct PoolShape
{
    /// <summary>Checks and stores the sizes.</summary>
    /// <exception cref="ArgumentException">
    /// A size is not positive, a padding is negative or not smaller than the window (a window would lie outside), or the window is larger
    /// than the padded image.
    /// </exception>
    public PoolShape(
        int inputHeight,
        int inputWidth,
        int channels,
        int sizeY,
        int sizeX,
        int strideY,
        int strideX,
        int top = 0,
        int bottom = 0,
        int left = 0,
        int right = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strideY);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strideX);
        ArgumentOutOfRangeException.ThrowIfNegative(Math.Min(Math.Min(top, bottom), Math.Min(left, right)), "padding");
        if (Math.Max(top, bottom) >= sizeY || Math.Max(left, right) >= sizeX)
        {
            throw new ArgumentException(
                $"Padding (top {top}, bottom {bottom}, left {left}, right {right}) must be smaller than the window of {sizeY} × {sizeX}.");
        }

        if (inputHeight + top + bottom < sizeY || inputWidth + left + right < sizeX)
        {
            throw new ArgumentException($"A window of {sizeY} × {sizeX} does not fit into an image of {inputHeight} × {inputWidth}.");
        }

        (InputHeight, InputWidth, Channels, SizeY, SizeX) = (inputHeight, inputWidth, channels, sizeY, sizeX);
        (StrideY, StrideX, Top, Bottom, Left, Right) = (strideY, strideX, top, bottom, left, right);
    }

    /// <summary>Rows of the image.</summary>
    public int InputHeight { get; }

    /// <summary>Columns of the image.</summary>
    public int InputWidth { get; }

    /// <summary>Channels of image and result.</summary>
    public int Channels { get; }

    /// <summary>Rows of a window.</summary>
    public int SizeY { get; }

    /// <summary>Columns of a window.</summary>
    public int SizeX { get; }

    /// <summary>Rows between windows.</summary>
    public int StrideY { get; }

    /// <summary>Columns between windows.</summary>
    public int StrideX { get; }

    /// <summary>Padding above.</summary>
    public int Top { get; }

    /// <summary>Padding below.</summary>
    public int Bottom { get; }

    /// <summary>Padding on the left.</summary>
    public int Left { get; }

    /// <summary>Padding on the right.</summary>
    public int Right { get; }

    /// <summary>Rows of the result.</summary>
    public int OutputHeight => ((InputHeight + Top + Bottom - SizeY) / StrideY) + 1;

    /// <summary>Columns of the result.</summary>
    public int OutputWidth => ((InputWidth + Left + Right - SizeX) / StrideX) + 1;

    /// <summary>The pixels of a window that lie in the image: rows FirstY to EndY, columns FirstX to EndX, ends excluded.</summary>
    internal (int FirstY, int EndY, int FirstX, int EndX) Window(int y, int x)
    {
        var (top, left) = ((y * StrideY) - Top, (x * StrideX) - Left);
        return (Math.Max(top, 0), Math.Min(top + SizeY, InputHeight), Math.Max(left, 0), Math.Min(left + SizeX, InputWidth));
    }
}

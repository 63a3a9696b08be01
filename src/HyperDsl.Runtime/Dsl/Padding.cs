namespace HyperDsl;

/// <summary>What lies around an image when windows slide over it.</summary>
[HyperLibrary]
public sealed class Padding
{
    /// <summary>
    /// As much that the output has ⌈size / stride⌉ entries; when the total is odd, the larger half comes after (TensorFlow's rule).
    /// </summary>
    public static readonly Padding Same = new(true, 0, 0, 0, 0);

    /// <summary>None: windows lie inside the image.</summary>
    public static readonly Padding Valid = new(false, 0, 0, 0, 0);

    private readonly bool same;
    private readonly int top;
    private readonly int bottom;
    private readonly int left;
    private readonly int right;

    private Padding(bool same, int top, int bottom, int left, int right)
    {
        this.same = same;
        this.top = top;
        this.bottom = bottom;
        this.left = left;
        this.right = right;
    }

    /// <summary>Numbers of rows and columns.</summary>
    public static Padding Explicit(int top, int bottom, int left, int right) => new(false, top, bottom, left, right);

    /// <summary>Rows above an image.</summary>
    /// <param name="height">Its height.</param>
    /// <param name="size">Rows of a window.</param>
    /// <param name="stride">Rows from one window to the next.</param>
    public int Top(int height, int size, int stride) => same ? Total(height, size, stride) / 2 : top;

    /// <summary>Rows below an image; see <see cref="Top"/>.</summary>
    public int Bottom(int height, int size, int stride) =>
        same ? Total(height, size, stride) - (Total(height, size, stride) / 2) : bottom;

    /// <summary>Columns on the left of an image.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="size">Columns of a window.</param>
    /// <param name="stride">Columns from one window to the next.</param>
    public int Left(int width, int size, int stride) => same ? Total(width, size, stride) / 2 : left;

    /// <summary>Columns on the right of an image; see <see cref="Left"/>.</summary>
    public int Right(int width, int size, int stride) =>
        same ? Total(width, size, stride) - (Total(width, size, stride) / 2) : right;

    private static int Total(int inputs, int size, int stride)
    {
        int outputs = (inputs + stride - 1) / stride;
        int total = ((outputs - 1) * stride) + size - inputs;
        return total > 0 ? total : 0;
    }
}

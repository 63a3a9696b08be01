namespace CharModel.Drawing;

/// <summary>A bitmap font of the printable ASCII characters, read from <c>Glyphs.txt</c>.</summary>
/// <remarks>
/// The file has blocks of glyphs side by side: a line with the characters, then nine lines of dots and crosses, of which the last two reach
/// below the baseline.
/// </remarks>
public static class GlyphFont
{
    /// <summary>Columns of a glyph.</summary>
    public const int Width = 5;

    /// <summary>Rows of a glyph.</summary>
    public const int Height = 9;

    private const int Pitch = Width + 1;
    private const int BlockLines = Height + 2;

    private static readonly Dictionary<char, bool[]> Glyphs = Read();

    /// <summary>The pixels of a character, [row, column]; a frame for what the font lacks.</summary>
    /// <param name="symbol">The character.</param>
    public static ReadOnlySpan<bool> Glyph(string symbol) =>
        symbol.Length == 1 && Glyphs.TryGetValue(symbol[0], out bool[]? glyph) ? glyph : Frame;

    private static bool[] Frame { get; } =
    [
        .. Enumerable.Range(0, Width * Height).Select(pixel =>
            pixel / Width < 7 && (pixel % Width is 0 or Width - 1 || pixel / Width is 0 or 6)),
    ];

    private static Dictionary<char, bool[]> Read()
    {
        using Stream stream = typeof(GlyphFont).Assembly.GetManifestResourceStream("CharModel.Drawing.Glyphs.txt")!;
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n');
        var glyphs = new Dictionary<char, bool[]>();
        for (int block = 0; block + Height < lines.Length; block += BlockLines)
        {
            for (int left = 0; left < lines[block + 1].Length; left += Pitch)
            {
                glyphs.Add(lines[block][left], Cut(lines, block + 1, left));
            }
        }

        return glyphs;
    }

    private static bool[] Cut(string[] lines, int top, int left)
    {
        var pixels = new bool[Width * Height];
        for (int pixel = 0; pixel < pixels.Length; pixel++)
        {
            pixels[pixel] = lines[top + (pixel / Width)][left + (pixel % Width)] == '#';
        }

        return pixels;
    }
}

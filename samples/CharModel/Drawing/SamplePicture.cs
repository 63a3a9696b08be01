using System.Globalization;
using HyperDsl.Storage;

namespace CharModel.Drawing;

/// <summary>
/// Draws a sample as a picture: each symbol's background has a band for each gate, and a legend stands below. Of a long text it has the first
/// lines only, and says so.
/// </summary>
public static class SamplePicture
{
    /// <summary>The most lines of text that a picture has; more would make one that no viewer opens.</summary>
    public const int MostLines = 300;

    private const int Columns = 80;
    private const int Zoom = 2;
    private const int CellWidth = GlyphFont.Width + 1;
    private const int CellHeight = 12;
    private const int GlyphTop = 2;
    private const int LineGap = 2;
    private const int Margin = 8;
    private const string LegendIntroduction = "change of the weights to each gate: ";

    private static readonly Colour Paper = new(255, 255, 255);
    private static readonly Colour Ink = new(20, 20, 24);
    private static readonly Colour Faint = new(150, 150, 150);

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The sample.</param>
    public static void Save(string path, SampleText text)
    {
        List<List<Cell>> lines = [.. Lines(text).Take(MostLines)];
        int missing = Lines(text).Skip(MostLines).Count();
        lines.AddRange([[], .. Legend(text, missing)]);
        int width = (2 * Margin) + (Columns * CellWidth);
        int height = (2 * Margin) + (lines.Count * (CellHeight + LineGap));
        var canvas = new Canvas(width, height);
        for (int row = 0; row < lines.Count; row++)
        {
            int top = Margin + (row * (CellHeight + LineGap));
            for (int column = 0; column < lines[row].Count; column++)
            {
                Draw(canvas, lines[row][column], Margin + (column * CellWidth), top);
            }
        }

        PngImage.Save(path, width * Zoom, height * Zoom, channels: 3, canvas.Enlarged(Zoom));
    }

    private static Cell Coloured(SampleText text, SampleSymbol symbol) => new(
        symbol.Text,
        symbol.Given,
        [.. (symbol.Change ?? []).Select((change, gate) => Band(gate, text.Strength(gate, change)))]);

    private static Colour Band(int gate, double strength) => GateColours.All[gate].Over(Paper, GateColours.FullOpacity * strength);

    /// <summary>Lines end at line breaks, which keep a cell for their own colour, and where the picture is full.</summary>
    private static IEnumerable<List<Cell>> Lines(SampleText text)
    {
        List<Cell> line = [];
        foreach (Cell cell in text.Symbols.Select(symbol => Coloured(text, symbol)))
        {
            line.Add(cell);
            if (cell.Text == "\n" || line.Count == Columns)
            {
                yield return line;
                line = [];
            }
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }

    private static IEnumerable<List<Cell>> Legend(SampleText text, int missing)
    {
        yield return [.. Plain(text.Title).Take(Columns)];
        if (missing > 0)
        {
            yield return Plain(string.Create(
                CultureInfo.InvariantCulture, $"the first {MostLines} lines; the page sample.html has the {missing:N0} that follow too"));
        }

        if (text.Gates.Count == 0)
        {
            yield return Plain("This cell keeps its weights: there is no change to colour.");
            yield break;
        }

        List<Cell> line = Plain(LegendIntroduction);
        for (int gate = 0; gate < text.Gates.Count; gate++)
        {
            Colour band = Band(gate, strength: 1);
            line.AddRange(Plain($" {text.Gates[gate]} ").Select(cell => cell with { Bands = [band] }));
            line.AddRange(Plain(" "));
        }

        yield return line;
    }

    private static List<Cell> Plain(string words) => [.. words.Select(letter => new Cell(letter.ToString(), Underlined: false, Bands: []))];

    private static void Draw(Canvas canvas, Cell cell, int left, int top)
    {
        int height = CellHeight / Math.Max(1, cell.Bands.Length);
        for (int band = 0; band < cell.Bands.Length; band++)
        {
            canvas.Fill(left, top + (band * height), CellWidth, height, cell.Bands[band]);
        }

        if (cell.Underlined)
        {
            canvas.Fill(left, top + CellHeight, CellWidth, 1, Ink);
        }

        if (cell.Text == "\n")
        {
            canvas.Fill(left + 2, top + (CellHeight / 2), 2, 2, Faint);
            return;
        }

        ReadOnlySpan<bool> glyph = GlyphFont.Glyph(cell.Text);
        for (int pixel = 0; pixel < glyph.Length; pixel++)
        {
            if (glyph[pixel])
            {
                canvas.Fill(left + (pixel % GlyphFont.Width), top + GlyphTop + (pixel / GlyphFont.Width), 1, 1, Ink);
            }
        }
    }

    /// <summary>What stands at a place of the picture.</summary>
    private sealed record Cell(string Text, bool Underlined, Colour[] Bands);

    /// <summary>Pixels to paint on.</summary>
    private sealed class Canvas
    {
        private readonly Colour[] pixels;
        private readonly int width;

        public Canvas(int width, int height)
        {
            this.width = width;
            pixels = new Colour[width * height];
            Array.Fill(pixels, Paper);
        }

        public void Fill(int left, int top, int columns, int rows, Colour colour)
        {
            for (int row = top; row < top + rows; row++)
            {
                pixels.AsSpan((row * width) + left, columns).Fill(colour);
            }
        }

        /// <summary>Red, green and blue of each pixel, drawn as a square.</summary>
        public byte[] Enlarged(int zoom)
        {
            int enlargedWidth = width * zoom;
            var bytes = new byte[pixels.Length * zoom * zoom * 3];
            for (int index = 0; index < bytes.Length / 3; index++)
            {
                Colour colour = pixels[(index / enlargedWidth / zoom * width) + (index % enlargedWidth / zoom)];
                (bytes[3 * index], bytes[(3 * index) + 1], bytes[(3 * index) + 2]) = (colour.Red, colour.Green, colour.Blue);
            }

            return bytes;
        }
    }
}

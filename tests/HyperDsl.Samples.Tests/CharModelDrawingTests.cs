using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CharModel;
using CharModel.Drawing;

namespace HyperDsl.Samples.Tests;

/// <summary>The colours of a sample's changes, in the picture and in terminals.</summary>
public sealed partial class CharModelDrawingTests
{
    private static readonly Colour Paper = new(255, 255, 255);
    private static readonly Colour Dark = new(16, 16, 20);
    private static readonly string[] Gates = ["input", "candidate", "forget", "output"];

    /// <summary>
    /// Sizes as the picture has them: 8 pixels of margin, places of 6 × 12 pixels in lines of 14, each pixel drawn twice as large.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Each_character_of_the_picture_has_a_band_of_each_gates_colour(int gates)
    {
        SampleText text = Sample("ab\nc", gates);
        string path = Path.GetTempFileName();
        try
        {
            SamplePicture.Save(path, text);
            Colour[,] pixels = Pixels(File.ReadAllBytes(path));
            (int Line, int Column)[] places = [(0, 0), (0, 1), (0, 2), (1, 0)];
            for (int index = 0; index < places.Length; index++)
            {
                int left = 8 + (6 * places[index].Column), top = 8 + (14 * places[index].Line);
                for (int row = 0; row < 12; row++)
                {
                    int gate = row * gates / 12;
                    Colour expected = Full(text, index, gate, Paper, GateColours.FullOpacity);

                    // The last column of a place is between the letters.
                    Assert.Equal(expected, pixels[2 * (top + row), 2 * (left + 5)]);
                    Assert.Equal(expected, pixels[(2 * (top + row)) + 1, (2 * (left + 5)) + 1]);
                }
            }

            Assert.Equal(Paper, pixels[0, 0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Half_blocks_below_a_line_have_the_colours_of_all_gates(int gates)
    {
        SampleText text = Sample("ab\nc", gates);
        string[] lines = Shown(text, columns: 80);
        int blocks = (gates + 1) / 2;
        Assert.Equal("ab↵", Letters(lines[0]));
        Assert.Equal("c", Letters(lines[1 + blocks]));
        Assert.Equal("", lines[2 * (1 + blocks)]);
        for (int gate = 0; gate < gates; gate++)
        {
            Cell[] first = Cells(lines[1 + (gate / 2)]), second = Cells(lines[2 + blocks + (gate / 2)]);
            Assert.Equal(["▀", "▀", "▀", "▀"], [.. first.Select(cell => cell.Text), .. second.Select(cell => cell.Text)]);
            Assert.Equal(
                Enumerable.Range(0, 4).Select(index => Full(text, index, gate, Dark, opacity: 1)),
                first.Concat(second).Select(cell => gate % 2 == 0 ? cell.Foreground : cell.Background));
        }

        // Where a block has only one gate, the lower half is as where nothing changes.
        Assert.All(gates % 2 == 0 ? [] : Cells(lines[blocks]), cell => Assert.Equal(Dark, cell.Background));
        Assert.Contains("Below a character all of them from top to bottom", lines[^2], StringComparison.Ordinal);
        Assert.All(text.Gates, (gate, index) =>
        {
            Colour colour = GateColours.All[index];
            Assert.Contains($"48;2;{colour.Red};{colour.Green};{colour.Blue}m {gate} ", lines[^2], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_line_as_wide_as_the_terminal_keeps_its_blocks()
    {
        string[] lines = Shown(Sample("abcdefg", 4), columns: 3);
        Assert.Equal(["abc", "▀▀▀", "▀▀▀", "def", "▀▀▀", "▀▀▀", "g", "▀", "▀", ""], lines[..10].Select(Letters));
        Assert.Equal(["汉", "▀▀", "▀▀", "字a", "▀▀▀", "▀▀▀", ""], Shown(Sample("汉字a", 4), columns: 3)[..7].Select(Letters));
    }

    [Fact]
    public void A_symbol_whose_change_is_not_known_has_no_colour()
    {
        SampleText text = Sample("ab", 4);
        text = text with { Symbols = [new SampleSymbol("x", Given: true, Change: null), .. text.Symbols] };
        Cell unknown = Cells(Shown(text, columns: 80)[1])[0];
        Assert.Equal((Dark, Dark), (unknown.Foreground, unknown.Background));
    }

    /// <summary>Changes that differ from symbol to symbol and from gate to gate.</summary>
    private static SampleText Sample(string text, int gates) => new(
        [.. text.Select((letter, index) => new SampleSymbol(
            letter.ToString(), Given: false, [.. Enumerable.Range(0, gates).Select(gate => (index + (2.0 * gate)) % 5)]))],
        Gates[..gates],
        "a test");

    private static Colour Full(SampleText text, int symbol, int gate, Colour background, double opacity) =>
        GateColours.All[gate].Over(background, opacity * text.Strength(gate, text.Symbols[symbol].Change![gate]));

    private static string[] Shown(SampleText text, int columns)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        SampleTerminal.Write(text, writer, colours: true, columns);
        return writer.ToString().Split('\n');
    }

    private static string Letters(string line) => Escape().Replace(line, "");

    /// <summary>The places of a line and their colours.</summary>
    private static Cell[] Cells(string line) =>
    [
        .. Block().Matches(line).Select(match => new Cell(
            match.Groups["text"].Value, ColourOf(match.Groups["fore"]), ColourOf(match.Groups["back"]))),
    ];

    private static Colour ColourOf(Group group)
    {
        byte[] parts = [.. group.Value.Split(';').Select(part => byte.Parse(part, CultureInfo.InvariantCulture))];
        return new Colour(parts[0], parts[1], parts[2]);
    }

    /// <summary>Reads a PNG of red, green and blue whose rows are not filtered (ISO/IEC 15948).</summary>
    private static Colour[,] Pixels(byte[] png)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20));
        Assert.Equal([8, 2, 0, 0, 0], png[24..29]);
        var compressed = new MemoryStream();
        for (int place = 8; place < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(place));
            compressed.Write(png.AsSpan(place + 4, 4).SequenceEqual("IDAT"u8) ? png.AsSpan(place + 8, length) : []);
            place += 12 + length;
        }

        compressed.Position = 0;
        using var rows = new BinaryReader(new ZLibStream(compressed, CompressionMode.Decompress));
        var pixels = new Colour[height, width];
        for (int row = 0; row < height; row++)
        {
            Assert.Equal(0, rows.ReadByte());
            for (int column = 0; column < width; column++)
            {
                pixels[row, column] = new Colour(rows.ReadByte(), rows.ReadByte(), rows.ReadByte());
            }
        }

        return pixels;
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\e\[38;2;(?<fore>[0-9;]+);48;2;(?<back>[0-9;]+)m(?<text>[^\e]+)")]
    private static partial Regex Block();

    private sealed record Cell(string Text, Colour Foreground, Colour Background);
}

using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace CharModel.Drawing;

/// <summary>
/// Shows a sample in a terminal, with 24-bit colours where it can have them: below each line of text lines of half blocks, each of which has
/// room for two gates.
/// </summary>
public static class SampleTerminal
{
    private const string Plain = "\e[0m";
    private const string UpperHalf = "▀";
    private const string LineEnd = "↵";
    private const int GatesOfBlock = 2;
    private const int UsualColumns = 80;
    private static readonly Colour Background = new(16, 16, 20);

    /// <summary>Whether the output is a terminal and the user has not forbidden colours (no-color.org).</summary>
    public static bool HasColours =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Columns of the terminal; 80 where there is none, or where it does not say.</summary>
    public static int Columns => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and int columns ? columns : UsualColumns;

    /// <summary>Writes a sample and what its colours mean.</summary>
    /// <param name="text">The sample.</param>
    /// <param name="writer">Where.</param>
    /// <param name="colours">Whether to use colours.</param>
    /// <param name="columns">Where coloured lines end, so that a terminal does not part them from their blocks.</param>
    public static void Write(SampleText text, TextWriter writer, bool colours, int columns = UsualColumns)
    {
        var shown = new StringBuilder();
        if (colours && text.Gates.Count > 0)
        {
            foreach (List<SampleSymbol> line in Lines(text.Symbols, columns))
            {
                AppendLine(shown, text, line);
            }
        }
        else
        {
            shown.AppendJoin("", text.Symbols.Select(symbol => symbol.Text == "\n" ? symbol.Text : Printable(symbol.Text))).Append('\n');
        }

        writer.WriteLine(shown.Append('\n').Append(Legend(text, colours)));
    }

    /// <summary>Lines end at line breaks, which keep a place for their own changes, and where the terminal does.</summary>
    private static IEnumerable<List<SampleSymbol>> Lines(IEnumerable<SampleSymbol> symbols, int columns)
    {
        List<SampleSymbol> line = [];
        int taken = 0;
        foreach (SampleSymbol symbol in symbols)
        {
            int width = Width(symbol);
            if (line.Count > 0 && taken + width > columns)
            {
                yield return line;
                (line, taken) = ([], 0);
            }

            line.Add(symbol);
            taken += width;
            if (symbol.Text == "\n")
            {
                yield return line;
                (line, taken) = ([], 0);
            }
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }

    private static void AppendLine(StringBuilder shown, SampleText text, List<SampleSymbol> line)
    {
        foreach (SampleSymbol symbol in line)
        {
            shown.Append(Style(GateColours.Strongest(text, symbol.Change ?? [], Background), symbol.Given)).Append(Printable(symbol.Text));
        }

        shown.Append(Plain).Append('\n');
        for (int gate = 0; gate < text.Gates.Count; gate += GatesOfBlock)
        {
            foreach (SampleSymbol symbol in line)
            {
                shown.Append(Block(Band(text, symbol, gate), Band(text, symbol, gate + 1), Width(symbol)));
            }

            shown.Append(Plain).Append('\n');
        }
    }

    private static Colour Band(SampleText text, SampleSymbol symbol, int gate) => symbol.Change is double[] change && gate < change.Length
        ? GateColours.All[gate].Over(Background, text.Strength(gate, change[gate]))
        : Background;

    /// <summary>The foreground colours the upper half of the place, the background the lower one.</summary>
    private static string Block(Colour upper, Colour lower, int width) => string.Create(
        CultureInfo.InvariantCulture,
        $"\e[38;2;{upper.Red};{upper.Green};{upper.Blue};48;2;{lower.Red};{lower.Green};{lower.Blue}m")
        + string.Concat(Enumerable.Repeat(UpperHalf, width));

    /// <summary>Columns of a symbol: two of a Chinese character, none of an accent by itself.</summary>
    private static int Width(SampleSymbol symbol) => new Segment(Printable(symbol.Text)).CellCount();

    private static string Legend(SampleText text, bool colours)
    {
        if (text.Gates.Count == 0)
        {
            return $"({text.Title}. This cell keeps its weights: there is no change to colour.)";
        }

        string gates = string.Join(' ', text.Gates.Select((gate, index) =>
            colours ? $"{Style(GateColours.All[index], underlined: false)} {gate} {Plain}" : gate));
        return colours
            ? $"{gates} gate: how much its hidden-to-gate weights changed at the step that chose the character, each on its own scale, the stronger "
                + $"the more. Below a character all of them from top to bottom, behind it the one that changed most ({text.Title})"
            : $"({text.Title}. Changes of the weights to the gates {gates} are shown by colours in terminals and in sample.html.)";
    }

    private static string Style(Colour background, bool underlined)
    {
        // Rec. 601 luma: dark letters on light backgrounds.
        bool light = ((0.299 * background.Red) + (0.587 * background.Green) + (0.114 * background.Blue)) > 140;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"\e[{(underlined ? 4 : 24)};{(light ? "38;2;0;0;0" : "38;2;235;235;235")};48;2;{background.Red};{background.Green};{background.Blue}m");
    }

    /// <summary>A control character would do to the terminal what the text wants.</summary>
    private static string Printable(string symbol) => symbol == "\n" ? LineEnd : char.IsControl(symbol[0]) ? "·" : symbol;
}

using System.Globalization;
using System.Text;

namespace CharModel.Drawing;

/// <summary>Shows a sample in a terminal, with 24-bit colours where it can have them.</summary>
public static class SampleTerminal
{
    private const string Plain = "\e[0m";
    private static readonly Colour Background = new(16, 16, 20);

    /// <summary>Whether the output is a terminal and the user has not forbidden colours (no-color.org).</summary>
    public static bool HasColours =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Writes a sample and what its colours mean.</summary>
    /// <param name="text">The sample.</param>
    /// <param name="writer">Where.</param>
    /// <param name="colours">Whether to use colours.</param>
    public static void Write(SampleText text, TextWriter writer, bool colours)
    {
        var shown = new StringBuilder();
        bool coloured = colours && text.Gates.Count > 0;
        foreach (SampleSymbol symbol in text.Symbols)
        {
            if (coloured && symbol.Text != "\n")
            {
                shown.Append(Style(GateColours.Strongest(text, symbol.Change ?? [], Background), symbol.Given));
            }

            shown.Append(coloured && symbol.Text == "\n" ? Plain : "").Append(Printable(symbol.Text));
        }

        shown.Append(coloured ? Plain : "").Append('\n').Append('\n').Append(Legend(text, colours));
        writer.WriteLine(shown);
    }

    private static string Legend(SampleText text, bool colours)
    {
        if (text.Gates.Count == 0)
        {
            return $"({text.Title}. This cell keeps its weights: there is no change to colour.)";
        }

        string gates = string.Join(' ', text.Gates.Select((gate, index) =>
            colours ? $"{Style(GateColours.All[index], underlined: false)} {gate} {Plain}" : gate));
        return colours
            ? $"{gates} gate: the one whose hidden-to-gate weights changed most for its scale at this step, the stronger the more ({text.Title})"
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
    private static string Printable(string symbol) => symbol != "\n" && char.IsControl(symbol[0]) ? "·" : symbol;
}

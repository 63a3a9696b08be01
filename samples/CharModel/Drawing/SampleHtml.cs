using System.Globalization;
using System.Net;
using System.Text;
using HyperDsl.Storage;

namespace CharModel.Drawing;

/// <summary>Writes a sample as a web page that needs nothing else: each symbol's background has a band for each gate.</summary>
public static class SampleHtml
{
    private const string Style = """
        :root { color-scheme: light; }
        body { margin: 2.5rem auto; max-width: 60rem; padding: 0 1.5rem; background: #fbfaf7; color: #1d1d1f;
               font: 1rem/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
        p { margin: .4rem 0; max-width: 46rem; }
        .how { color: #63636a; }
        .legend { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 1.1rem 0; padding: 0; list-style: none; }
        .legend i { display: inline-block; width: 4.5rem; height: .9rem; margin-right: .5rem; vertical-align: -.1rem; border-radius: 2px;
                    outline: 1px solid #0002; }
        pre { background: #fff; border: 1px solid #e4e1da; border-radius: 8px; padding: 1.25rem 1.5rem; margin: 0; overflow-x: auto;
              font: 15px/1.75 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        pre b { font-weight: inherit; display: inline-block; line-height: 1.5; white-space: pre; }
        pre u { font-weight: 700; text-decoration: none; border-bottom: 2px solid #1d1d1f; }
        pre .end { color: #0005; }
        """;

    private static readonly string FullOpacity = GateColours.FullOpacity.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the page, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The sample.</param>
    public static void Save(string path, SampleText text)
    {
        byte[] page = Encoding.UTF8.GetBytes(Page(text));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page.</summary>
    /// <param name="text">The sample.</param>
    public static string Page(SampleText text)
    {
        var body = new StringBuilder();
        foreach (SampleSymbol symbol in text.Symbols)
        {
            AppendSymbol(body, text, symbol);
        }

        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{Escape(text.Title)}</title>
            <style>
            {Style}
            {GateStyle(text)}
            </style>
            </head>
            <body>
            <h1>Text of a character model</h1>
            <p class="how">{Escape(text.Title)}</p>
            {Legend(text)}
            <pre>{body}</pre>
            </body>
            </html>

            """;
    }

    private static void AppendSymbol(StringBuilder body, SampleText text, SampleSymbol symbol)
    {
        bool end = symbol.Text == "\n";
        string shown = end ? "<span class=\"end\">↵</span>" : Escape(char.IsControl(symbol.Text[0]) ? "·" : symbol.Text);
        shown = symbol.Given ? $"<u>{shown}</u>" : shown;
        if (symbol.Change is double[] change)
        {
            string strengths = string.Join(';', change.Select((value, gate) => string.Create(
                CultureInfo.InvariantCulture, $"--{(char)('a' + gate)}:{GateColours.FullOpacity * text.Strength(gate, value):0.##}")));
            string values = string.Join(", ", change.Select((value, gate) => string.Create(
                CultureInfo.InvariantCulture, $"{text.Gates[gate]} {value:0.####}")));
            shown = $"<b style=\"{strengths}\" title=\"{values}\">{shown}</b>";
        }

        body.Append(shown).Append(end ? "\n" : "");
    }

    /// <summary>The background: bands one above the other, whose opacity is a variable that each symbol sets.</summary>
    private static string GateStyle(SampleText text)
    {
        if (text.Gates.Count == 0)
        {
            return "";
        }

        double height = 100.0 / text.Gates.Count;
        string bands = string.Join(", ", text.Gates.Select((_, gate) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Rgb(gate, $"var(--{(char)('a' + gate)})")} {gate * height:0.##}% {(gate + 1) * height:0.##}%")));
        return $"pre b {{ background: linear-gradient({bands}); }}";
    }

    private static string Legend(SampleText text)
    {
        if (text.Gates.Count == 0)
        {
            return "<p>This cell keeps its weights, so there is no change to colour.</p>";
        }

        string items = string.Concat(text.Gates.Select((gate, index) => string.Create(
            CultureInfo.InvariantCulture,
            $"<li><i style=\"background:linear-gradient(90deg,{Rgb(index, "0")},{Rgb(index, FullOpacity)})\"></i>"
            + $"{Escape(gate)}, 0 to {text.FullChanges[index]:0.##}</li>")));
        return $"""
            <p>Another network rewrites this one's weights while it writes. The bands behind each symbol show, from top to bottom, how much the
            weight matrix from the hidden state to each gate changed at the step that chose the symbol: the norm of the change, each gate on a
            scale of its own.{(text.Symbols.Any(symbol => symbol.Given) ? " Symbols that were given are underlined." : "")}</p>
            <ul class="legend">{items}</ul>
            """;
    }

    private static string Rgb(int gate, string alpha)
    {
        Colour colour = GateColours.All[gate];
        return $"rgb({colour.Red} {colour.Green} {colour.Blue} / {alpha})";
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

using System.Globalization;
using System.Text;

namespace HyperDsl.Generator.Ir;

/// <summary>The one door through which numbers and the user's texts become code, so that neither culture nor character ever breaks it.</summary>
internal static class Literal
{
    public static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number in a printed graph, exact: reading it back gives the same bits.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A C# literal of a text, which may have any characters.</summary>
    public static string Text(string text)
    {
        StringBuilder literal = new("\"");
        foreach (char c in text)
        {
            literal.Append(c switch
            {
                '"' or '\\' => "\\" + c,
                '\n' => "\\n",
                // Half of a pair alone would not survive in a file, so no half is written as it is.
                _ when EndsLine(c) || char.IsControl(c) || char.IsSurrogate(c) =>
                    "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }
        return literal.Append('"').ToString();
    }

    /// <summary>A text with names of the user's as a comment can hold it: on one line, and without what no XML may contain.</summary>
    public static string OneLine(string text) => new([.. text.Select(c => EndsLine(c) || char.IsControl(c) ? ' ' : c)]);

    /// <summary>Line ends of C# that are no control characters.</summary>
    private static bool EndsLine(char c) => c is '\u2028' or '\u2029';

    /// <summary>A C# literal of the given width; <c>float</c> literals are rounded once, from the double.</summary>
    public static string CSharp(double value, bool single)
    {
        string type = single ? "float" : "double";
        if (double.IsNaN(value))
        {
            return type + ".NaN";
        }
        if (double.IsInfinity(value) || (single && float.IsInfinity((float)value)))
        {
            return type + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        }
        return single
            ? ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f"
            : value.ToString("R", CultureInfo.InvariantCulture) + "d";
    }
}

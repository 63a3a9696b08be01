using System.Globalization;

namespace HyperDsl.Generator.Ir;

/// <summary>The one door through which numbers become text, so that no culture ever changes a byte.</summary>
internal static class Literal
{
    public static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number in a printed graph, exact: reading it back gives the same bits.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

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

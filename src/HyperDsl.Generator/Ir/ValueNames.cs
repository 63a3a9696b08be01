namespace HyperDsl.Generator.Ir;

/// <summary>
/// How values are called that were made of the user's: <c>gradient of cell.bias</c>, <c>sigmoid of f</c>, <c>cell.fromState product</c>. Words
/// with dots between them are the path to a value.
/// </summary>
internal static class ValueNames
{
    private const string Of = " of ";
    private const string Through = " through ";
    private const string Gradient = "gradient" + Of;
    private const string NewValue = "new value" + Of;
    private const string Product = " product";

    public static string GradientOf(string name) => Gradient + name;

    /// <summary>What an untrained weight is to become.</summary>
    public static string NewValueOf(string name) => NewValue + name;

    public static string FunctionOf(string operation, string name) => operation + Of + name;

    public static string ProductWith(string weight) => weight + Product;

    /// <summary>A product of a gradient with a weight, on its way back.</summary>
    public static string GradientThrough(string weight) => "gradient" + Through + weight;

    /// <summary>Whether a name says which weight it belongs to, and would say too little without the path to that.</summary>
    public static bool IsOfWeight(string name) => IsGradient(name) || name.StartsWith(NewValue, StringComparison.Ordinal);

    public static bool IsGradient(string name) => name.StartsWith(Gradient, StringComparison.Ordinal);

    /// <summary>Whether a name was made of another one for want of its own, or is that of the gradient of such a value.</summary>
    public static bool IsMade(string name)
    {
        string own = IsGradient(name) ? name.Substring(Gradient.Length)
            : name.StartsWith(NewValue, StringComparison.Ordinal) ? name.Substring(NewValue.Length)
            : name;
        return own.Contains(Of) || own.Contains(Through) || own.EndsWith(Product, StringComparison.Ordinal);
    }

    /// <summary>What was made of a value, and the path to that value.</summary>
    public static (string Prefix, string[] Path) Parts(string name)
    {
        int path = Math.Max(EndOf(Of, name), EndOf(Through, name));
        return (name.Substring(0, path), name.Substring(path).Split('.'));
    }

    private static int EndOf(string preposition, string name)
    {
        int start = name.LastIndexOf(preposition, StringComparison.Ordinal);
        return start < 0 ? 0 : start + preposition.Length;
    }
}

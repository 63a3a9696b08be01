namespace HyperDsl.Generator.Ir;

/// <summary>
/// How values are called that were made of the user's: <c>gradient of cell.bias</c>, <c>sigmoid of f</c>, <c>cell.fromState product</c>. Words
/// with dots between them are the path to a value.
/// </summary>
internal static class ValueNames
{
    private const string Of = " of ";
    private const string Gradient = "gradient" + Of;
    private const string Product = " product";

    public static string GradientOf(string name) => Gradient + name;

    public static string FunctionOf(string operation, string name) => operation + Of + name;

    public static string ProductWith(string weight) => weight + Product;

    public static bool IsGradient(string name) => name.StartsWith(Gradient, StringComparison.Ordinal);

    /// <summary>Whether a name was made of another one for want of its own, or is that of the gradient of such a value.</summary>
    public static bool IsMade(string name)
    {
        string own = IsGradient(name) ? name.Substring(Gradient.Length) : name;
        return own.Contains(Of) || own.EndsWith(Product, StringComparison.Ordinal);
    }

    /// <summary>What was made of a value, and the path to that value.</summary>
    public static (string Prefix, string[] Path) Parts(string name)
    {
        int end = name.LastIndexOf(Of, StringComparison.Ordinal);
        int path = end < 0 ? 0 : end + Of.Length;
        return (name.Substring(0, path), name.Substring(path).Split('.'));
    }
}

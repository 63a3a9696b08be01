namespace HyperDsl.Generator.Ops;

/// <summary>How closely the outermost operator of a formula binds, loosest first, as in C#.</summary>
internal enum Binding
{
    Choice,
    Equality,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Whole,
}

/// <summary>A formula in a comment, with what is needed to put it into another one.</summary>
/// <param name="Text">The formula.</param>
/// <param name="Binding">How closely it binds.</param>
internal readonly record struct FormulaText(string Text, Binding Binding)
{
    /// <summary>A name, a number, or a function's call.</summary>
    public static FormulaText Whole(string text) => new(text, Binding.Whole);

    /// <summary>The text as an operand, in parentheses where it would be read otherwise.</summary>
    public string Within(Binding outer, bool first) =>
        outer == Binding.Whole || Binding > outer || (Binding == outer && first && IsLeftToRight(outer)) ? Text : "(" + Text + ")";

    private static bool IsLeftToRight(Binding binding) =>
        binding is Binding.Equality or Binding.Comparison or Binding.Sum or Binding.Product;
}

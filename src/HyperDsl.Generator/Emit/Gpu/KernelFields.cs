using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Names of a kernel's buffers as fields of its arguments.</summary>
internal static class KernelFields
{
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal)
    {
        // Numbers, and buffers that hold many values, beside them.
        "Rows", PassesKernelEmitter.RowsOfSteps, "Examples", "Steps", "Key", "First", "Parameters", "Gradients", "Common", "Lanes",
        // What every structure has.
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize",
    };

    /// <summary>A name for each buffer; its number where launches call it differently.</summary>
    public static string[] Of(EquatableArray<ValueLabel> labels)
    {
        UniqueNames names = new(separator: "");
        return labels.Select((label, i) => names.Numbered(Identifier(label.Text.Length == 0 ? Numbered(i) : PassWords.Short(label.Text)))).ToArray();
    }

    /// <summary>Names of buffers that have none in common, such as those of one of several products.</summary>
    public static string[] Unnamed(int count) => Enumerable.Range(0, count).Select(Numbered).ToArray();

    private static string Numbered(int operand) => "Operand" + Literal.Integer(operand);

    private static string Identifier(string label)
    {
        string camelCase = UniqueNames.CamelCase(label);
        string identifier = char.ToUpperInvariant(camelCase[0]) + camelCase.Substring(1);
        // The structure itself is called so.
        bool isStructure = identifier.EndsWith(NamedKernel.OfArguments, StringComparison.Ordinal);
        return isStructure || Taken.Contains(identifier) ? identifier + "Value" : identifier;
    }
}

using System.Text.RegularExpressions;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>
/// Names of a pass's operands as parameters of the emitted method. They hold no underscore, and everything that the method declares but
/// loop variables holds one or ends in a way that is kept free, so that no names meet.
/// </summary>
internal static class PassIdentifiers
{
    private static readonly Regex KeptFree = new(
        "^(example|column\\d*|row\\d*|count|left|key|steps|rowMemory)$|(Example|Row\\d*|Column\\d*)$", RegexOptions.CultureInvariant);

    /// <summary>A name for each operand; its number where callers call it differently.</summary>
    public static string[] Of(PassWords words)
    {
        UniqueNames names = new(separator: "");
        return words.Operands
            .Select((label, i) => label.Text.Length == 0 ? "operand" + Literal.Integer(i) : PassWords.Short(label.Text))
            .Select(label => names.Numbered(Identifier(label)))
            .ToArray();
    }

    private static string Identifier(string label)
    {
        string identifier = UniqueNames.CamelCase(label);
        return UniqueNames.IsTaken(identifier) || KeptFree.IsMatch(identifier) ? identifier + "Value" : identifier;
    }
}

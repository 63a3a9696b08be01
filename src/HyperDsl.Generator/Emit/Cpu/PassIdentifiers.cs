using System.Text.RegularExpressions;
using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>
/// Names of a pass's operands as parameters of the emitted method. They hold no underscore, and everything that the method declares but
/// loop variables holds one or ends in a way that is kept free, so that no names meet.
/// </summary>
internal sealed class PassIdentifiers
{
    private static readonly Regex KeptFree = new(
        "^(example|column\\d*|row\\d*|count|left|key|steps|rowMemory)$|(Example|Row\\d*|Column\\d*)$", RegexOptions.CultureInvariant);

    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    private PassIdentifiers()
    {
    }

    /// <summary>A name for each operand; its number where callers call it differently.</summary>
    public static string[] Of(PassWords words)
    {
        PassIdentifiers identifiers = new();
        return words.Operands
            .Select((label, i) => identifiers.Next(label.Text.Length == 0 ? "operand" + Literal.Integer(i) : PassWords.Short(label.Text))).ToArray();
    }

    private string Next(string label)
    {
        string identifier = UniqueNames.CamelCase(label);
        identifier = UniqueNames.IsTaken(identifier) || KeptFree.IsMatch(identifier) ? identifier + "Value" : identifier;
        string candidate = identifier;
        for (int number = 2; !given.Add(candidate); number++)
        {
            candidate = identifier + Literal.Integer(number);
        }
        return candidate;
    }
}

using System.Text;

namespace HyperDsl.Generator.Ir;

/// <summary>Turns names of the user's source into C# identifiers, each given out once.</summary>
/// <param name="separator">What stands before the number of a name that was given out before.</param>
internal sealed class UniqueNames(string separator = "_")
{
    private const int LongestIdentifier = 100;

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock",
        "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected",
        "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string",
        "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while",
        // Names that emitted methods use themselves.
        "frame", "scratch", "lane", "first", "rows", "t", "allRows", "phase", "r", "q", "i", "j", "at", "nint", "examples",
    };

    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    public string Next(string name) => Numbered(Identifier(name));

    /// <summary>An identifier as it is, or with a number.</summary>
    public string Numbered(string identifier)
    {
        string candidate = identifier;
        for (int number = 2; !given.Add(candidate); number++)
        {
            candidate = identifier + separator + Literal.Integer(number);
        }
        return candidate;
    }

    private static string Identifier(string name)
    {
        string identifier = CamelCase(name);
        return Keywords.Contains(identifier) ? identifier + "Value" : identifier;
    }

    /// <summary>Whether an emitted method uses a word for something else.</summary>
    public static bool IsTaken(string identifier) => Keywords.Contains(identifier);

    /// <summary>
    /// Letters and digits of a name in camel case: <c>generator.output.bias</c> becomes <c>generatorOutputBias</c>. Watched values may have
    /// names of any length; C# has a limit.
    /// </summary>
    public static string CamelCase(string name)
    {
        StringBuilder text = new();
        bool raise = false;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                raise = text.Length > 0;
                continue;
            }
            if (text.Length == 0 && char.IsDigit(c))
            {
                text.Append("value");
            }
            text.Append(raise ? char.ToUpperInvariant(c) : text.Length == 0 ? char.ToLowerInvariant(c) : c);
            raise = false;
        }
        return text.Length == 0 ? "value" : text.ToString(0, Math.Min(text.Length, LongestIdentifier));
    }
}

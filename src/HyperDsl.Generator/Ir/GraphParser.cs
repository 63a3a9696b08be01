using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Ir;

/// <summary>
/// Reads printed graphs back, exactly. An operation is made by the constructor of its record: whole numbers, numbers and lists
/// by the attribute of the parameter's name, shapes from the printed shape, <c>Varies</c> from what follows "each", a graph
/// from the indented lines below. A missing whole number is 0, a lone number belongs to a single number, and a truth value is
/// false if its name stands there with "un" before it.
/// </summary>
internal static class GraphParser
{
    private const string Indent = "    ";

    private static readonly Regex NodeLine = new(
        @"^%(?<id>\d+) = (?<name>\w+)\((?<inputs>[^)]*)\)(?: (?<attributes>.+?))? : \[(?<shape>[^\]]*)\](?<index> index)?"
        + @"(?: each (?<varies>example and time|example|time))?(?:  // (?<comment>.*))?$",
        RegexOptions.CultureInvariant);

    private static readonly Regex ResultLine = new(
        @"^(?<kind>[a-z]+) (?<name>.*?)(?: #(?<index>\d+))? = %(?<node>\d+)$", RegexOptions.CultureInvariant);

    private static readonly Regex Attribute = new(
        @"(?<key>\w+)=(?:\[(?<list>[^\]]*)\]|(?<value>\S+))|(?<lone>\S+)", RegexOptions.CultureInvariant);

    private static readonly Dictionary<string, ConstructorInfo> Constructors = typeof(Operation).Assembly.GetTypes()
        .Where(type => typeof(Operation).IsAssignableFrom(type) && !type.IsAbstract)
        .ToDictionary(type => PrintedName(type), type => type.GetConstructors().Single(), StringComparer.Ordinal);

    /// <exception cref="FormatException">The text is no printed graph; the message names the line.</exception>
    public static Graph Parse(string text)
    {
        string[] lines = text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).ToArray();
        int next = 0;
        Graph graph = ParseBlock(lines, ref next, "");
        return next == lines.Length ? graph : throw Error(lines[next], "is indented without a scan above it");
    }

    private static Graph ParseBlock(string[] lines, ref int next, string indent)
    {
        List<Node> nodes = [];
        List<Result> results = [];
        while (next < lines.Length && lines[next].StartsWith(indent, StringComparison.Ordinal)
            && !lines[next].Substring(indent.Length).StartsWith(" ", StringComparison.Ordinal))
        {
            string line = lines[next++].Substring(indent.Length);
            if (NodeLine.Match(line) is { Success: true } node)
            {
                nodes.Add(ParseNode(node, lines, ref next, indent));
            }
            else if (ResultLine.Match(line) is { Success: true } result)
            {
                results.Add(ParseResult(result, line));
            }
            else
            {
                throw Error(line, "is neither a node nor a result");
            }
        }
        return new Graph(nodes.ToEquatable(), results.ToEquatable());
    }

    private static Node ParseNode(Match match, string[] lines, ref int next, string indent)
    {
        string name = match.Groups["name"].Value;
        if (!Constructors.TryGetValue(name, out ConstructorInfo? constructor))
        {
            throw Error(match.Value, $"names an operation '{name}' that does not exist");
        }
        Shape shape = new(Integers(match.Groups["shape"].Value));
        Varies varies = match.Groups["varies"].Value switch
        {
            "example" => Varies.Example,
            "time" => Varies.Time,
            "example and time" => Varies.Example | Varies.Time,
            _ => Varies.Nothing,
        };
        Match[] attributes = Attribute.Matches(match.Groups["attributes"].Value).Cast<Match>().ToArray();
        ParameterInfo[] parameters = constructor.GetParameters();
        object?[] arguments = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            arguments[i] = parameters[i].ParameterType == typeof(Graph) ? ParseBlock(lines, ref next, indent + Indent)
                : parameters[i].ParameterType == typeof(Shape) ? shape
                : parameters[i].ParameterType == typeof(Varies) ? varies
                : Argument(parameters[i], attributes);
        }
        return new Node(
            Integer(match.Groups["id"].Value),
            (Operation)constructor.Invoke(arguments),
            Integers(match.Groups["inputs"].Value.Replace("%", "")),
            shape,
            match.Groups["index"].Success ? ElementKind.Index : ElementKind.Real,
            varies,
            match.Groups["comment"].Value);
    }

    private static object Argument(ParameterInfo parameter, Match[] attributes)
    {
        string key = LowerFirst(parameter.Name!);
        Match? found = attributes.FirstOrDefault(attribute => attribute.Groups["key"].Value == key);
        if (parameter.ParameterType == typeof(bool))
        {
            // What is usually so is printed when it is not; what is usually not so, when it is.
            return parameter.HasDefaultValue
                ? attributes.Any(attribute => attribute.Groups["lone"].Value == key)
                : !attributes.Any(attribute => attribute.Groups["lone"].Value == "un" + key);
        }
        if (parameter.ParameterType == typeof(int))
        {
            return found is null ? 0 : Integer(found.Groups["value"].Value);
        }
        if (parameter.ParameterType == typeof(double))
        {
            string number = found?.Groups["value"].Value ?? attributes.Single().Groups["lone"].Value;
            return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        return found is null
            ? throw new FormatException($"The attribute '{key}' is missing.")
            : Integers(found.Groups["list"].Value);
    }

    private static Result ParseResult(Match match, string line)
    {
        string kind = match.Groups["kind"].Value;
        return Enum.TryParse(kind, ignoreCase: true, out ResultKind known)
            ? new Result(
                known,
                match.Groups["name"].Value,
                match.Groups["index"].Success ? Integer(match.Groups["index"].Value) : 0,
                Integer(match.Groups["node"].Value))
            : throw Error(line, $"has a result of unknown kind '{kind}'");
    }

    private static string PrintedName(Type type) => LowerFirst(
        type.Name.EndsWith("Leaf", StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - 4) : type.Name);

    private static string LowerFirst(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static int Integer(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static EquatableArray<int> Integers(string text) => text.Length == 0
        ? EquatableArray<int>.Empty
        : text.Split(',').Select(item => Integer(item.Trim())).ToEquatable();

    private static FormatException Error(string line, string what) => new($"The line '{line}' {what}.");
}

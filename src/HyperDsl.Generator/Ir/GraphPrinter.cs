using System.Text;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Ir;

/// <summary>Prints a graph, one node a line: <c>%3 = conv2d(%1, %2) stride=1 : [14, 14, 16] each example  // hidden</c>.</summary>
internal static class GraphPrinter
{
    public static string Print(Graph graph)
    {
        StringBuilder text = new();
        Print(graph, "", text);
        return text.ToString();
    }

    /// <summary>The body of a scan follows its line, indented.</summary>
    private static void Print(Graph graph, string indent, StringBuilder text)
    {
        foreach (Node node in graph.Nodes)
        {
            text.Append(indent).Append('%').Append(node.Id).Append(" = ").Append(node.Operation.Name).Append('(')
                .Append(string.Join(", ", node.Inputs.Select(input => "%" + input))).Append(')');
            if (node.Operation.Attributes.Length > 0)
            {
                text.Append(' ').Append(node.Operation.Attributes);
            }
            text.Append(" : ").Append(node.Shape);
            if (node.Kind == ElementKind.Index)
            {
                text.Append(" index");
            }
            if (node.Varies != Varies.Nothing)
            {
                text.Append(" each ").Append(node.Varies.ToString().ToLowerInvariant().Replace(", ", " and "));
            }
            if (node.Name.Length > 0)
            {
                text.Append("  // ").Append(Literal.OneLine(node.Name));
            }
            text.Append('\n');
            if (node.Operation is Scan scan)
            {
                Print(scan.Body, indent + "    ", text);
            }
        }
        foreach (Result result in graph.Results)
        {
            text.Append(indent).Append(result.Kind.ToString().ToLowerInvariant()).Append(' ').Append(result.Name);
            if (result.Index != 0)
            {
                text.Append(" #").Append(Literal.Integer(result.Index));
            }
            text.Append(" = %").Append(Literal.Integer(result.Node)).Append('\n');
        }
    }
}

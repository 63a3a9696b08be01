using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule;

/// <summary>What a group of fused nodes computes, in the user's names: comments beside the call of its row program.</summary>
internal sealed class GroupFormulas(Graph graph, View[] views, GroupDraft group)
{
    /// <summary>A member's name and formula.</summary>
    public string Of(int member) => Named(member, graph[member].Operation.Name) + " = " + RightSide(member);

    /// <summary>What is done with a value.</summary>
    public string Of(Sink sink)
    {
        string value = RightSide(views[sink.Value].Root);
        return sink.Kind switch
        {
            SinkKind.Result => Readable(graph.Results[sink.Target].Label) + " = " + value,
            SinkKind.Accumulate => Named(sink.Target, "sum") + " += " + value,
            SinkKind.Loop => Named(sink.Target, "state") + " = " + value,
            _ => "into place: " + value,
        };
    }

    /// <summary>Names of several words are written as the code writes them: a formula of them could be read in several ways.</summary>
    private static string Readable(string name) => name.Contains(' ') ? UniqueNames.CamelCase(name) : name;

    private string Named(int node, string otherwise) => graph[node].Name.Length > 0 ? Readable(graph[node].Name) : otherwise;


    /// <summary>The formula of a member down to what the group loads, cut where it grows beyond a line.</summary>
    private string RightSide(int root)
    {
        const int Limit = 100;
        FormulaText Expand(int id, int depth)
        {
            int owner = views[id].Root;
            Node node = graph[owner];
            if (node.Operation is Constant constant)
            {
                return FormulaText.Whole(Literal.Exact(constant.Number));
            }
            if (node.Name.Length > 0 && depth > 0)
            {
                return FormulaText.Whole(Readable(node.Name));
            }
            if (!group.Contains(owner) || depth > 4)
            {
                return FormulaText.Whole(node.Operation.Name);
            }
            FormulaText[] operands = node.Inputs.Select(input => Expand(input, depth + 1)).ToArray();
            FormulaText formula = node.Operation is Elementwise elementwise
                ? elementwise.Formula(operands)
                : FormulaText.Whole(node.Operation.Name + "(" + string.Join(", ", operands.Select(operand => operand.Text)) + ")");
            return formula.Text.Length > Limit ? FormulaText.Whole(node.Operation.Name + "(…)") : formula;
        }
        return Expand(root, 0).Text;
    }
}

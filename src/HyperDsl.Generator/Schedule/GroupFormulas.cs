using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule;

/// <summary>What a group of fused nodes computes, in the user's names: comments beside the call of its row program.</summary>
internal sealed class GroupFormulas(Graph graph, View[] views, GroupDraft group)
{
    private const int LongestFormula = 100;

    /// <summary>A member's name and formula.</summary>
    public string Of(int member) => Named(member, graph[member].Operation.Name) + " = " + RightSide(member);

    /// <summary>What is done with a value.</summary>
    public string Of(Sink sink)
    {
        int value = views[sink.Value].Root;
        return sink.Kind switch
        {
            SinkKind.Result => Into(Readable(graph.Results[sink.Target].Label), " = ", value),
            SinkKind.Accumulate => Into(Named(sink.Target, "sum"), " += ", value),
            SinkKind.Loop => Into(Named(sink.Target, "state"), " = ", value),
            _ => Into("into place", ": ", value),
        };
    }

    /// <summary>A value that is only moved goes by its name, or by what made it where the target has the same.</summary>
    private string Into(string target, string sign, int value)
    {
        string source = group.Contains(value) ? RightSide(value) : NameOf(value).Text;
        return target + sign + (source == target ? graph[value].Operation.Name : source);
    }

    /// <summary>Names of several words are written as the code writes them: a formula of them could be read in several ways.</summary>
    private static string Readable(string name) => name.Contains(' ') ? UniqueNames.CamelCase(name) : name;

    private string Named(int node, string otherwise) => graph[node].Name.Length > 0 ? Readable(graph[node].Name) : otherwise;

    /// <summary>The formula of a member down to what the group loads or the user named.</summary>
    private string RightSide(int root) =>
        new FormulaOfParts(LongestFormula, Written, NameOf, id => Inputs(id).Where(IsWritten)).Of(root).Text;

    private IEnumerable<int> Inputs(int id) => graph[id].Inputs.Select(input => views[input].Root);

    private bool IsWritten(int id) => group.Contains(id) && graph[id].Name.Length == 0 && graph[id].Operation is not Constant;

    private FormulaText NameOf(int id) => FormulaText.Whole(
        graph[id].Operation is Constant constant ? Literal.Exact(constant.Number)
        : graph[id].Name.Length > 0 ? Readable(graph[id].Name)
        : graph[id].Operation.Name + (group.Contains(id) ? "(…)" : ""));

    private FormulaText Written(int id, Func<int, FormulaText> part)
    {
        FormulaText[] operands = [.. Inputs(id).Select(part)];
        return graph[id].Operation switch
        {
            Constant => NameOf(id),
            Elementwise elementwise => elementwise.Formula(operands),
            Operation operation => FormulaText.Whole(operation.Name + "(" + string.Join(", ", operands.Select(operand => operand.Text)) + ")"),
        };
    }
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Analyses;

/// <summary>Values in the user's names, for a reader: the name of a value where it has one, else what it is made of.</summary>
internal sealed class FormulaOfNode(WeightFacts facts)
{
    /// <summary>How deep a formula goes before it says "…".</summary>
    private const int Depth = 4;

    public string Text(Node node) => Text(node, Depth);

    /// <summary>A product of data with a matrix, or their convolution.</summary>
    public string Product(Node product, Node matrix, Node data) =>
        Operand(matrix, Depth) + (product.Operation is Convolve ? "∗" : "·") + Operand(data, Depth);

    /// <summary>A formula with the name of what it computes, where that has one.</summary>
    public string Named(Node node, string formula) => node.Name.Length > 0 ? node.Name + " = " + formula : formula;

    private string Text(Node node, int depth)
    {
        // The indexer names what it cuts by a local of its own.
        if (node.Operation is Slice { Axis: 0 } slice && Input(node, 0).Name.Length > 0)
        {
            return Input(node, 0).Name + "[" + Literal.Integer(slice.Start) + ".." + Literal.Integer(slice.Start + slice.Length) + "]";
        }
        if (node.Name.Length > 0)
        {
            return node.Name;
        }
        if (depth == 0)
        {
            return "…";
        }
        return node.Operation switch
        {
            Contract => Binary(node, "·", depth),
            Convolve => Binary(node, "∗", depth),
            Multiply => Binary(node, " ⊙ ", depth),
            Add => Binary(node, " + ", depth),
            Subtract => Binary(node, " − ", depth),
            Constant constant => Literal.Exact(constant.Number),
            BlockArgument when facts.Given(node) is (WeightFacts outside, Node given) => new FormulaOfNode(outside).Text(given, depth),
            Operation operation when WeightFacts.IsArranging(operation) && node.Inputs.Count == 1 => Text(Input(node, 0), depth),
            Leaf => node.Operation.Name,
            _ => node.Operation.Name + "(" + string.Join(", ", node.Inputs.Select(input => Text(facts.Graph[input], depth - 1))) + ")",
        };
    }

    private string Binary(Node node, string sign, int depth) => Operand(Input(node, 0), depth - 1) + sign + Operand(Input(node, 1), depth - 1);

    private string Operand(Node node, int depth)
    {
        string text = Text(node, depth);
        return text.Any(letter => letter is '·' or '∗' or ' ') && !(text.EndsWith(")", StringComparison.Ordinal) && char.IsLetter(text[0])) ? "(" + text + ")" : text;
    }

    private Node Input(Node node, int index) => facts.Graph[node.Inputs[index]];
}

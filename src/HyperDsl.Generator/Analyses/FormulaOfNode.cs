using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Analyses;

/// <summary>Values in the user's names, for a reader: the name of a value where it has one, else what it is made of.</summary>
internal sealed class FormulaOfNode(WeightFacts facts)
{
    /// <summary>How deep a formula goes before it says "…".</summary>
    private const int Depth = 4;

    /// <summary>A value's formula.</summary>
    public string Text(Node node) => Of(node, Depth).Text;

    /// <summary>A value's formula as an operand, in parentheses where it would be read otherwise.</summary>
    public string Operand(Node node) => Operand(node, Depth);

    /// <summary>A product of data with a matrix, or their convolution.</summary>
    public string Product(Node product, Node matrix, Node data) =>
        Operand(matrix) + (product.Operation is Convolve ? "∗" : "·") + Operand(data);

    /// <summary>A formula with the name of what it computes, where that has one.</summary>
    public string Named(Node node, string formula) => node.Name.Length > 0 ? node.Name + " = " + formula : formula;

    private FormulaText Of(Node node, int depth)
    {
        // The indexer names what it cuts by a local of its own.
        if (node.Operation is Slice { Axis: 0 } slice && Input(node, 0).Name.Length > 0)
        {
            return FormulaText.Whole(
                Input(node, 0).Name + "[" + Literal.Integer(slice.Start) + ".." + Literal.Integer(slice.Start + slice.Length) + "]");
        }
        if (node.Name.Length > 0 || depth == 0)
        {
            return FormulaText.Whole(node.Name.Length > 0 ? node.Name : "…");
        }
        return node.Operation switch
        {
            Contract => Binary(node, "·", Binding.Product, depth),
            Convolve => Binary(node, "∗", Binding.Product, depth),
            Multiply => Binary(node, " ⊙ ", Binding.Product, depth),
            Add => Binary(node, " + ", Binding.Sum, depth),
            Subtract => Binary(node, " − ", Binding.Sum, depth),
            Constant constant => FormulaText.Whole(Literal.Exact(constant.Number)),
            BlockArgument when facts.Given(node) is (WeightFacts outside, Node given) => new FormulaOfNode(outside).Of(given, depth),
            Operation operation when WeightFacts.IsArranging(operation) && node.Inputs.Count == 1 => Of(Input(node, 0), depth),
            Leaf => FormulaText.Whole(node.Operation.Name),
            _ => FormulaText.Whole(
                node.Operation.Name + "(" + string.Join(", ", node.Inputs.Select(input => Of(facts.Graph[input], depth - 1).Text)) + ")"),
        };
    }

    private FormulaText Binary(Node node, string sign, Binding binding, int depth) =>
        new(Operand(Input(node, 0), depth - 1) + sign + Operand(Input(node, 1), depth - 1), binding);

    /// <summary>Products of several kinds stand beside one another, so an operand is always a whole.</summary>
    private string Operand(Node node, int depth) => Of(node, depth).Within(Binding.Sign, first: false);

    private Node Input(Node node, int index) => facts.Graph[node.Inputs[index]];
}

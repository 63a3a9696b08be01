using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Gives values that get a buffer, or a place in a pass, names from the user's source where they have none of their own: that of the view through
/// which the user sees all of a value, such as a product that is reshaped; <c>sigmoid of f</c>; <c>cell.fromState product</c>. Before derivatives are
/// made, which are named after what they are of, and again when everything is lowered.
/// </summary>
internal sealed class NameValues
{
    private readonly Node[] nodes;
    private readonly Argument[] arguments;

    private NameValues(Graph graph, Argument[] arguments)
    {
        nodes = graph.Nodes.ToArray();
        this.arguments = arguments;
    }

    public static Graph Run(Graph graph) => Run(graph, []);

    /// <param name="graph">A graph, or one step of a scan.</param>
    /// <param name="arguments">What the step is called with.</param>
    private static Graph Run(Graph graph, Argument[] arguments)
    {
        NameValues names = new(graph, arguments);
        names.FromViews(View.Of(graph));
        for (int id = 0; id < names.nodes.Length; id++)
        {
            Node node = names.nodes[id];
            names.Name(id, names.FromInputs(node));
            if (node.Operation is Scan scan)
            {
                Graph body = Run(scan.Body, node.Inputs.Select(input => names.nodes[input])
                    .Select(input => new Argument(input.Name, names.WeightOf(input))).ToArray());
                names.nodes[id] = names.nodes[id] with { Operation = scan with { Body = body } };
            }
        }
        return graph with { Nodes = names.nodes.ToEquatable() };
    }

    private void FromViews(View[] views)
    {
        for (int id = 0; id < nodes.Length; id++)
        {
            View view = views[id];
            if (nodes[id].Shape.Count == nodes[view.Root].Shape.Count && view.IsContiguous(nodes[id].Shape))
            {
                Name(view.Root, nodes[id].Name);
            }
        }
    }

    private string FromInputs(Node node) => node.Operation switch
    {
        Copy when SeenIn(nodes[node.Inputs[0]]) is { Length: > 0 } name => ValueNames.FunctionOf(node.Operation.Name, name),
        UnaryElementwise and not Negate when ArgumentOf(nodes[node.Inputs[0]]) is { Length: > 0 } name =>
            ValueNames.FunctionOf(node.Operation.Name, name),
        Gemm or Contract when node.Inputs.Select(input => WeightOf(nodes[input])).Where(name => name.Length > 0).ToArray() is [var name] =>
            ValueNames.ProductWith(name),
        BlockArgument argument when argument.Index < arguments.Length => arguments[argument.Index].Name,
        _ => "",
    };

    /// <summary>What a function is of; a constant beside it, such as a forget bias, is left out.</summary>
    private string ArgumentOf(Node node) => node.Name.Length > 0 || node.Operation is not Add
        ? node.Name
        : node.Inputs.Select(input => nodes[input]).Where(input => !IsConstant(input)).Select(input => input.Name)
            .Aggregate((one, other) => one == other ? one : "");

    /// <summary>The name of a value, or of the one that it is a part or another arrangement of.</summary>
    private string SeenIn(Node node) =>
        node.Name.Length > 0 || !View.IsViewing(node.Operation) ? node.Name : SeenIn(nodes[node.Inputs[0]]);

    private bool IsConstant(Node node) =>
        node.Operation is Constant || (node.Operation is Broadcast && IsConstant(nodes[node.Inputs[0]]));

    private string WeightOf(Node node) => node.Operation switch
    {
        ParameterLeaf => node.Name,
        BlockArgument argument when argument.Index < arguments.Length => arguments[argument.Index].Weight,
        PackMatrix or Reshape or Transpose or Slice => WeightOf(nodes[node.Inputs[0]]),
        _ => "",
    };

    private void Name(int id, string name)
    {
        if (nodes[id].Name.Length == 0 && name.Length > 0)
        {
            nodes[id] = nodes[id] with { Name = name };
        }
    }

    /// <summary>What a step of a scan is called with.</summary>
    /// <param name="Name">The value's name outside.</param>
    /// <param name="Weight">The name of the weight that it is, if any.</param>
    private sealed record Argument(string Name, string Weight);
}

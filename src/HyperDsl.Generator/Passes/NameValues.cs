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

    public static Graph Run(Graph graph, CancellationToken token) => Run(graph, [], token);

    /// <param name="graph">A graph, or one step of a scan.</param>
    /// <param name="arguments">What the step is called with.</param>
    /// <param name="token">Ends the work.</param>
    private static Graph Run(Graph graph, Argument[] arguments, CancellationToken token)
    {
        NameValues names = new(graph, arguments);
        names.FromViews(View.Of(graph));
        for (int id = 0; id < names.nodes.Length; id++)
        {
            token.ThrowIfCancellationRequested();
            Node node = names.nodes[id];
            names.Name(id, names.FromInputs(node));
            if (node.Operation is Scan scan)
            {
                // A state is not what it begins with.
                Graph body = Run(scan.Body, node.Inputs.Select((input, index) => index < scan.States
                    ? new Argument("", "") : new Argument(names.nodes[input].Name, names.WeightOf(names.nodes[input]))).ToArray(), token);
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
        Copy or UnaryElementwise and not Negate => FunctionOf(node.Operation, ArgumentOf(nodes[node.Inputs[0]])),
        Gemm or Contract => ProductOf(nodes[node.Inputs[0]], nodes[node.Inputs[1]]),
        BlockArgument argument when argument.Index < arguments.Length => arguments[argument.Index].Name,
        _ => "",
    };

    /// <summary>Names are made of the user's only: one made of a made one would soon be a formula.</summary>
    private static string FunctionOf(Operation function, string name) =>
        name.Length == 0 || ValueNames.IsMade(name) ? "" : ValueNames.FunctionOf(function.Name, name);

    private string ProductOf(Node left, Node right)
    {
        (string leftWeight, string rightWeight) = (WeightOf(left), WeightOf(right));
        if (leftWeight.Length > 0 == rightWeight.Length > 0)
        {
            return "";
        }
        string weight = leftWeight + rightWeight;
        return ValueNames.IsGradient(SeenIn(leftWeight.Length > 0 ? right : left))
            ? ValueNames.GradientThrough(weight)
            : ValueNames.ProductWith(weight);
    }

    /// <summary>What a function is of; a constant beside it, such as a forget bias, is left out.</summary>
    private string ArgumentOf(Node node)
    {
        string name = SeenIn(node);
        return name.Length > 0 || node.Operation is not Add ? name
            : IsConstant(nodes[node.Inputs[0]]) ? SeenIn(nodes[node.Inputs[1]])
            : IsConstant(nodes[node.Inputs[1]]) ? SeenIn(nodes[node.Inputs[0]])
            : "";
    }

    /// <summary>The name of a value, or of the one that it is a part or another arrangement of.</summary>
    private string SeenIn(Node node) =>
        node.Name.Length > 0 || !View.IsViewing(node.Operation) ? node.Name : SeenIn(nodes[node.Inputs[0]]);

    private bool IsConstant(Node node) =>
        node.Operation is Constant || (node.Operation is Broadcast && IsConstant(nodes[node.Inputs[0]]));

    private string WeightOf(Node node) => node.Operation switch
    {
        ParameterLeaf => node.Name,
        BlockArgument argument when argument.Index < arguments.Length => arguments[argument.Index].Weight,
        PackMatrix => WeightOf(nodes[node.Inputs[0]]),
        Operation viewing when View.IsViewing(viewing) => WeightOf(nodes[node.Inputs[0]]),
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

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Analyses;

/// <summary>What the values of a graph, or of a step of one of its scans, have to do with the model's parameters.</summary>
internal sealed class WeightFacts
{
    private readonly WeightFacts? outer;
    private readonly Node? scan;
    private readonly EquatableArray<Parameter> parameters;
    private readonly bool[] isPlain;
    private readonly bool[] isHyper;
    private readonly bool[] hasParameters;

    private WeightFacts(Graph graph, EquatableArray<Parameter> parameters, WeightFacts? outer, Node? scan)
    {
        Graph = graph;
        this.parameters = parameters;
        this.outer = outer;
        this.scan = scan;
        isPlain = new bool[graph.Nodes.Count];
        isHyper = new bool[graph.Nodes.Count];
        hasParameters = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            Learn(node);
        }
    }

    public Graph Graph { get; }

    /// <summary>Whether these are the values of one step.</summary>
    public bool IsStep => outer is not null;

    public static WeightFacts Of(Graph graph, EquatableArray<Parameter> parameters) => new(graph, parameters, null, null);

    /// <summary>The facts of a scan's step.</summary>
    public WeightFacts Inside(Node node) => new(((Scan)node.Operation).Body, parameters, this, node);

    /// <summary>Whether a value is a parameter as it stands, perhaps cut, put together or arranged otherwise.</summary>
    public bool IsPlain(Node node) => isPlain[node.Id];

    /// <summary>Whether a value is computed from parameters and nothing else.</summary>
    public bool IsShared(Node node) => hasParameters[node.Id] && node.Varies == Varies.Nothing;

    /// <summary>Whether, within the step, a value comes from a field marked <c>[Hyper]</c>.</summary>
    public bool IsHyper(Node node) => isHyper[node.Id];

    /// <summary>The parameters that a value is computed from, within the step.</summary>
    public HashSet<Parameter> ParametersOf(Node node)
    {
        HashSet<Parameter> found = [];
        HashSet<int> seen = [];
        Stack<Node> open = new([node]);
        while (open.Count > 0)
        {
            Node next = open.Pop();
            if (!seen.Add(next.Id) || !hasParameters[next.Id])
            {
                continue;
            }
            if (next.Operation is ParameterLeaf leaf)
            {
                found.Add(parameters[leaf.Index]);
            }
            else if (Captured(next) is Node captured)
            {
                found.UnionWith(outer!.ParametersOf(captured));
            }
            next.Inputs.Select(input => Graph[input]).ToList().ForEach(open.Push);
        }
        return found;
    }

    /// <summary>Multiplications that make a value of parameters alone.</summary>
    public long CostOf(Node node)
    {
        HashSet<int> seen = [];
        long cost = 0;
        Stack<Node> open = new([node]);
        while (open.Count > 0)
        {
            Node next = open.Pop();
            if (seen.Add(next.Id))
            {
                cost += Captured(next) is Node captured ? outer!.CostOf(captured) : Multiplications(Graph, next);
                next.Inputs.Select(input => Graph[input]).ToList().ForEach(open.Push);
            }
        }
        return cost;
    }

    /// <summary>Multiplications of one operation; additions and functions do not count.</summary>
    public static long Multiplications(Graph graph, Node node) =>
        node.Operation is Contract or Convolve or Multiply ? graph.CostOf(node) : 0;

    /// <summary>What arranges numbers and computes none.</summary>
    public static bool IsArranging(Operation operation) => operation is Reshape or Transpose or Slice or Broadcast or Detach or Concat or Pad;

    private void Learn(Node node)
    {
        IEnumerable<int> inputs = node.Inputs;
        if (node.Operation is ParameterLeaf leaf)
        {
            isPlain[node.Id] = hasParameters[node.Id] = true;
            isHyper[node.Id] = parameters[leaf.Index].HyperOwner is not null;
        }
        else if (Captured(node) is Node captured)
        {
            isPlain[node.Id] = outer!.isPlain[captured.Id];
            hasParameters[node.Id] = outer.hasParameters[captured.Id];
            isHyper[node.Id] = outer.isHyper[captured.Id];
        }
        else
        {
            isPlain[node.Id] = IsArranging(node.Operation) && inputs.All(input => isPlain[input]);
            hasParameters[node.Id] = inputs.Any(input => hasParameters[input]);
            isHyper[node.Id] = inputs.Any(input => isHyper[input]);
        }
    }

    /// <summary>What an argument of the step stands for outside, with the facts there; null for a state and for all other values.</summary>
    public (WeightFacts Facts, Node Node)? Given(Node node) =>
        node.Operation is BlockArgument argument && scan is not null && argument.Index >= ((Scan)scan.Operation).States
            ? (outer!, outer!.Graph[scan.Input(argument.Index)])
            : null;

    /// <summary>What an argument of the step stands for where all steps have the same; states and sequences are data.</summary>
    private Node? Captured(Node node) =>
        node.Operation is BlockArgument argument && scan is not null
            && argument.Index >= ((Scan)scan.Operation).States + ((Scan)scan.Operation).Sequences
            ? outer!.Graph[scan.Input(argument.Index)]
            : null;
}

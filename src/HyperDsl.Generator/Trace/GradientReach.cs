using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// Finds trained weights that no loss depends on in a differentiable way, by asking each operation on the way back from the
/// losses which of its inputs get a gradient.
/// </summary>
internal static class GradientReach
{
    public static void Report(
        IReadOnlyList<Entry> entries,
        IReadOnlyList<Parameter> parameters,
        IReadOnlyList<WeightValue> weights,
        IReadOnlyList<(IOperation? Operation, Frame? Frame)> places,
        ProblemLog log)
    {
        if (!entries.Any(entry => entry.IsLoss))
        {
            return;
        }
        bool[] reached = new bool[parameters.Count];
        foreach (Entry entry in entries)
        {
            if (entry.Training is not null)
            {
                Mark(entry.Training, reached);
            }
        }
        for (int i = 0; i < weights.Count; i++)
        {
            WeightValue weight = weights[i];
            if (weight.Index >= 0 && weight.Trained && !reached[weight.Index])
            {
                log.Report(
                    Descriptors.NoGradient,
                    $"The weight '{weight.Name}' of shape {weight.Shape} never gets a gradient: no loss depends on it in a "
                    + "differentiable way. Use it, remove it, or declare it with 'Trained = false'.",
                    places[i].Operation,
                    places[i].Frame);
            }
        }
    }

    private static void Mark(Graph graph, bool[] reached)
    {
        bool[] active = new bool[graph.Nodes.Count];
        foreach (Result result in graph.Results)
        {
            active[result.Node] |= result.Kind == ResultKind.Loss;
        }
        Spread(graph, active);
        foreach (Node node in graph.Nodes)
        {
            if (active[node.Id] && node.Operation is ParameterLeaf parameter)
            {
                reached[parameter.Index] = true;
            }
        }
    }

    /// <summary>Marks everything that an active node passes a gradient to.</summary>
    private static void Spread(Graph graph, bool[] active)
    {
        GraphBuilder builder = new();
        Value[] rebuilt = GraphRewriter.Rebuild(builder, graph, (_, _, _) => null);
        for (int id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            Node node = graph.Nodes[id];
            if (active[id] && node.Operation is Scan scan)
            {
                SpreadOverSteps(scan, graph.Nodes.Where(reader => active[reader.Id] && reader.Operation is ScanResult
                    && reader.Inputs[0] == id).Select(reader => ((ScanResult)reader.Operation).Index), node, active);
            }
            else if (active[id] && node.Operation is ScanResult)
            {
                active[node.Inputs[0]] = true;
            }
            else if (active[id] && node.Inputs.Count > 0)
            {
                MarkInputs(builder, builder[rebuilt[id]], node, active);
            }
        }
    }

    /// <summary>A state that gets a gradient passes it to the step before, so the step is looked at until nothing more is found.</summary>
    private static void SpreadOverSteps(Scan scan, IEnumerable<int> results, Node node, bool[] active)
    {
        HashSet<int> wanted = [.. results];
        for (int known = -1; known < wanted.Count;)
        {
            known = wanted.Count;
            bool[] inside = new bool[scan.Body.Nodes.Count];
            foreach (int result in wanted)
            {
                inside[scan.Body.Results[result].Node] = true;
            }
            Spread(scan.Body, inside);
            foreach (Node argument in scan.Body.Nodes)
            {
                if (inside[argument.Id] && argument.Operation is BlockArgument block)
                {
                    active[node.Inputs[block.Index]] = true;
                    if (block.Index < scan.States)
                    {
                        wanted.Add(block.Index);
                    }
                }
            }
        }
    }

    private static void MarkInputs(GraphBuilder builder, Node rebuilt, Node node, bool[] active)
    {
        Value?[] gradients = node.Operation.Gradient(builder, rebuilt, builder.Full(1, node.Shape));
        for (int i = 0; i < node.Inputs.Count && i < gradients.Length; i++)
        {
            active[node.Inputs[i]] |= gradients[i] is not null;
        }
    }
}

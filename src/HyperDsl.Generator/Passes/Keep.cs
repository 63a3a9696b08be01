using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Decides between keeping and computing again for values of every example that a later phase reads. A value that follows from one
/// kept value by a few elementwise operations is computed again: after a batch normalisation and a rectifier only the
/// convolution's result is kept. Within a phase nothing is decided, a slice's values are in the cache.
/// </summary>
internal static class Keep
{
    /// <summary>Elementwise operations that a second computation may cost; a pass over memory costs as much as a few of them.</summary>
    private const int OperationsLimit = 16;

    public static Graph Run(Graph graph, CancellationToken token)
    {
        graph = Loops.Together(graph);
        PhaseAssignment phases = PhaseAssignment.Of(graph);
        // With one slice of work between two phases that run once, no later slice reads anything.
        if (phases.Count <= 3)
        {
            return graph;
        }
        Recomputation[] recomputations = Analyse(graph);
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        Dictionary<(int Node, int Phase), Value> again = [];

        Value ReadIn(int id, int phase)
        {
            Node node = graph[id];
            if (!recomputations[id].IsCheap || phases.Readable(id) >= phase)
            {
                return values[id];
            }
            if (!again.TryGetValue((id, phase), out Value value))
            {
                Value[] inputs = node.Inputs.Select(input => ReadIn(input, phase)).ToArray();
                Operation operation = node.Operation is Elementwise elementwise ? new Again(elementwise, phase) : node.Operation;
                value = builder.Add(operation, node.Name, inputs);
                again.Add((id, phase), value);
            }
            return value;
        }

        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            int phase = phases.Runs(node.Id);
            Value[] inputs = node.Inputs
                .Select(input => View.IsViewing(node.Operation) ? values[input] : ReadIn(input, phase)).ToArray();
            values[node.Id] = builder.Add(node.Operation, node.Name, inputs);
        }
        return GraphRewriter.Finish(builder, graph, values);
    }

    /// <param name="Operations">Elementwise operations from the kept value.</param>
    /// <param name="Kept">The one varying value that it follows from; -1 if none, -2 if several.</param>
    /// <param name="IsCheap">Whether it is computed again.</param>
    private readonly record struct Recomputation(int Operations, int Kept, bool IsCheap);

    private static Recomputation[] Analyse(Graph graph)
    {
        Recomputation[] all = new Recomputation[graph.Nodes.Count];
        Loops loops = Loops.Find(graph);
        foreach (Node node in graph.Nodes)
        {
            if (!node.VariesWithExample)
            {
                all[node.Id] = new Recomputation(0, -1, false);
                continue;
            }
            bool passes = loops.Of(node.Id) == 0
                && (node.Operation is Elementwise and not Copy || View.IsViewing(node.Operation));
            int[] kept = passes
                ? node.Inputs.Select(input => all[input].Kept).Where(root => root != -1).Distinct().ToArray()
                : [node.Id];
            int operations = (node.Operation is Elementwise ? 1 : 0) + node.Inputs.Sum(input => all[input].Operations);
            bool cheap = passes && kept.Length == 1 && kept[0] >= 0 && operations <= OperationsLimit;
            all[node.Id] = cheap
                ? new Recomputation(operations, kept[0], true)
                : new Recomputation(0, node.Id, false);
        }
        return all;
    }
}

using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Adds up small sums over steps and examples while the loop runs that makes their summands: the gradient of a norm's gain, of the
/// matrix that turns an embedding into scalings. Behind the loop they would wait for summands of all steps to be written and read
/// again. Sums larger than what they add up, gradients of weight matrices, stay behind: one long product.
/// </summary>
internal static class AccumulateInLoops
{
    /// <summary>Examples of a slice that a sum may be charged to: a product of a step reads and writes the sum once for all of them.</summary>
    private const int ExamplesOfStep = 16;

    public static Graph Run(Graph graph, CancellationToken token, MachineCosts costs)
    {
        if (!costs.WorksInLoops || !graph.Nodes.Any(node => node.Operation is StepOutput))
        {
            return graph;
        }
        int[] latest = LatestLoops(graph);
        GraphBuilder builder = new();
        Value[] values = new Value[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            token.ThrowIfCancellationRequested();
            int loop = LoopOf(graph, node, latest);
            Dictionary<int, Value> inside = [];
            Value[] inputs = node.Inputs
                .Select(input => loop == 0 ? values[input] : Inside(graph, builder, loop, latest, input, values, inside)).ToArray();
            values[node.Id] = builder.Add(node.Operation, node.Name, inputs);
            if (node.Name.Length > 0)
            {
                builder.Rename(values[node.Id], node.Name);
            }
        }
        return GraphRewriter.Finish(builder, graph, values);
    }

    /// <summary>The loop in which a sum can be added up; 0 for none, and for all other nodes.</summary>
    private static int LoopOf(Graph graph, Node node, int[] latest)
    {
        if (node.Operation is not ISumsOverExamples { OverExamples: true } || node.Operation is not (Gemm or Reduce)
            || !node.Inputs.All(input => IsSequence(graph[input])))
        {
            return 0;
        }
        long summands = node.Inputs.Sum(input => (long)graph[input].Shape.Count);
        int loop = node.Inputs.Max(input => latest[input]);
        Dictionary<int, bool> known = [];
        return loop > 0 && node.Shape.Count <= ExamplesOfStep * summands
            && node.Inputs.All(input => CanBeInside(graph, loop, latest, input, known))
            ? loop
            : 0;
    }

    /// <summary>The latest loop that each node depends on, through whatever comes behind it.</summary>
    private static int[] LatestLoops(Graph graph)
    {
        int[] latest = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            int own = node.Operation switch
            {
                StepOutput output => output.Loop,
                NextState next => next.Loop,
                _ => 0,
            };
            latest[node.Id] = node.Inputs.Select(input => latest[input]).Append(own).Max();
        }
        return latest;
    }

    /// <summary>Whether a value is there at each step of the loop, but for cheap operations that the loop can do.</summary>
    private static bool CanBeInside(Graph graph, int loop, int[] latest, int id, Dictionary<int, bool> known)
    {
        if (!known.TryGetValue(id, out bool can))
        {
            Node node = graph[id];
            can = latest[id] < loop || (IsSequence(node) && (node.Operation is StepOutput
                || ((node.Operation is Elementwise || View.IsViewing(node.Operation))
                    && node.Inputs.All(input => CanBeInside(graph, loop, latest, input, known)))));
            known.Add(id, can);
        }
        return can;
    }

    private static Value Inside(
        Graph graph, GraphBuilder builder, int loop, int[] latest, int id, Value[] values, Dictionary<int, Value> inside)
    {
        if (inside.TryGetValue(id, out Value known))
        {
            return known;
        }
        Node node = graph[id];
        // A mask that all steps share is stored: a fused program of a step would draw its own.
        Value value = !IsSequence(node) ? node.Operation is KeepMask ? builder.Add(new Copy(), node.Name, values[id]) : values[id]
            : latest[id] < loop ? builder.Add(new AtStep(loop), node.Name, values[id])
            : node.Operation is StepOutput ? values[node.Inputs[0]]
            : builder.Add(
                node.Operation,
                node.Name,
                node.Inputs.Select(input => Inside(graph, builder, loop, latest, input, values, inside)).ToArray());
        inside[id] = value;
        return value;
    }

    private static bool IsSequence(Node node) => (node.Varies & Varies.Time) != 0;
}

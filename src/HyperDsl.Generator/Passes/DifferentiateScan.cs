using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// The derivative of a scan is a scan from the last step to the first (back-propagation through time). It carries the gradients
/// of the states; at every step it computes cheap operations again from the states before it and from what is kept
/// (<see cref="Tape"/>), and gives the gradients of that step's sequences and captured values.
/// </summary>
internal static class DifferentiateScan
{
    /// <summary>
    /// The scan with everything as further outputs that its derivative reads: the states that each step found, and what would
    /// cost more to compute again. What is not read in the end is dropped by <see cref="HoistFromScan"/>.
    /// </summary>
    public static Scan WithTape(Scan scan, LoopCosts costs)
    {
        GraphBuilder builder = new();
        Value[] values = GraphRewriter.Rebuild(builder, scan.Body, (_, _, _) => null);
        List<Result> results = scan.Body.Results.Select(result => result with { Node = values[result.Node].Id }).ToList();
        for (int state = 0; state < scan.States; state++)
        {
            Node? found = StateArgument(scan, state);
            Value value = found is not null ? values[found.Id] : builder.Full(0, scan.Body[scan.Body.Results[state].Node].Shape);
            results.Add(new Result(ResultKind.Step, "before", state, value.Id));
        }
        results.AddRange(Tape.Kept(scan, costs).Select(node => new Result(ResultKind.Step, "kept", node.Id, values[node.Id].Id)));
        return scan with { Body = builder.Build(results) };
    }

    /// <param name="graph">Where to build.</param>
    /// <param name="original">The scan as it was before <see cref="WithTape"/>.</param>
    /// <param name="node">The scan's node with the tape's outputs.</param>
    /// <param name="resultGradients">Gradients of the original's results; <c>null</c> where nobody reads one.</param>
    /// <param name="wanted">Which inputs' gradients are wanted.</param>
    /// <param name="costs">Those that the tape was made with.</param>
    /// <returns>For each input its gradient, summed over steps where the input does not vary with time.</returns>
    public static Value?[] Run(
        GraphBuilder graph, Scan original, Node node, Value?[] resultGradients, bool[] wanted, LoopCosts costs)
    {
        ScanAdjoint adjoint = new(graph, original, node, resultGradients, costs);
        Value?[] gradients = new Value?[node.Inputs.Count];
        int[] inputs = Enumerable.Range(0, wanted.Length).Where(input => wanted[input]).ToArray();
        (Value scanned, int[] outputs) = adjoint.Build(inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            int input = inputs[i];
            if (outputs[i] < 0)
            {
                continue;
            }
            Value gradient = graph.Add(new ScanResult(outputs[i]), scanned);
            bool state = input < original.States;
            bool sequence = !state && input < original.States + original.Sequences;
            Varies target = graph[node.Inputs[input]].Varies;
            gradients[input] = state || sequence || (target & Varies.Example) == 0
                ? gradient
                : graph.Add(new SumOverSteps(), gradient);
        }
        return gradients;
    }

    /// <summary>Whether a value is worth keeping in memory: more than a pass over it, more than a few products an element.</summary>
    public static bool IsCostly(Graph body, Node node, LoopCosts costs) =>
        (node.Operation is Contract && body.CostOf(node) > costs.RecomputedProducts * node.Shape.Count)
        || node.Operation is Convolve or ConvolveInputGradient or ConvolveKernelGradient or MaxPool;

    public static Node? StateArgument(Scan scan, int state) =>
        scan.Body.Nodes.FirstOrDefault(node => node.Operation is BlockArgument argument && argument.Index == state);
}

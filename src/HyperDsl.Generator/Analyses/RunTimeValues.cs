using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Analyses;

/// <summary>
/// Which values are known only when a batch is there. That is more than what varies with the example: the number of examples or of
/// steps, a sum over the batch and a state that a scan leaves can be one value for all examples, but another for the next batch.
/// </summary>
internal static class RunTimeValues
{
    /// <returns>For each node, whether it depends on anything but parameters and constants.</returns>
    public static bool[] Of(Graph graph)
    {
        bool[] found = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            found[node.Id] = node.Varies != Varies.Nothing
                || BeginsWith(node.Operation)
                || node.Inputs.Any(input => found[input]);
        }
        return found;
    }

    /// <summary>Whether the batch enters here, whatever the inputs: sums over it grow with its size, a scan runs once for each of its steps.</summary>
    private static bool BeginsWith(Operation operation) => operation switch
    {
        Leaf => operation is not (ParameterLeaf or Constant),
        _ => operation is Scan or SumOverSteps or SumOverExamples,
    };
}

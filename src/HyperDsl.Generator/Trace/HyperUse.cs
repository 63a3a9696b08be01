using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>
/// Finds <c>[Hyper]</c> fields none of whose values serves as a weight. A value serves as a weight where it, or something
/// computed from it, is
/// <list type="bullet">
/// <item>the kernel of a convolution, or</item>
/// <item>an operand of another product (<c>Dot</c>, <c>MatMul</c>, <c>Einsum</c>) whose other operand varies with the
/// example: data, not a weight, or</item>
/// <item>combined elementwise with the outcome of such a product or convolution: a generated scale or bias.</item>
/// </list>
/// </summary>
internal static class HyperUse
{
    private static readonly HashSet<string> Products = new(["dot", "matmul", "einsum", "contract"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Combining = new(["add", "subtract", "multiply", "divide"], StringComparer.OrdinalIgnoreCase);

    public static void Report(
        IReadOnlyList<(Graph Graph, IReadOnlyList<(int Field, int Node)> Generated)> entries,
        IReadOnlyList<HyperField> fields,
        ProblemLog log)
    {
        for (int field = 0; field < fields.Count; field++)
        {
            int number = field;
            bool used = entries.Any(entry => ServesAsWeight(
                entry.Graph, entry.Generated.Where(mark => mark.Field == number).Select(mark => mark.Node)));
            if (!used)
            {
                log.ReportAt(
                    Descriptors.NotUsedAsWeight,
                    $"'{fields[field].Name}' is marked [Hyper], but nothing it generates serves as a weight: as a kernel, as a factor of "
                    + "a product with data, or as a scale or bias of such a product. Use it so, or remove [Hyper].",
                    fields[field].Declared.Locations.FirstOrDefault(location => location.IsInSource));
            }
        }
    }

    private static bool ServesAsWeight(Graph graph, IEnumerable<int> generated)
    {
        bool[] derived = new bool[graph.Nodes.Count];
        bool[] outcome = new bool[graph.Nodes.Count];
        foreach (int node in generated)
        {
            derived[node] = true;
        }
        foreach (Node node in graph.Nodes)
        {
            if (IsWeightUse(graph, node, derived, outcome))
            {
                return true;
            }
            bool isProduct = IsConvolution(node) || Products.Contains(node.Operation.Name);
            derived[node.Id] |= node.Inputs.Any(input => derived[input]);
            outcome[node.Id] = !derived[node.Id]
                && (isProduct ? node.Varies != Varies.Nothing : node.Inputs.Any(input => outcome[input]));
        }
        return false;
    }

    private static bool IsWeightUse(Graph graph, Node node, bool[] derived, bool[] outcome)
    {
        if (node.Inputs.Count < 2)
        {
            return false;
        }
        int left = node.Inputs[0];
        int right = node.Inputs[1];
        if (IsConvolution(node))
        {
            return derived[right];
        }
        if (Products.Contains(node.Operation.Name))
        {
            return (derived[left] && IsData(graph, right, derived)) || (derived[right] && IsData(graph, left, derived));
        }
        return Combining.Contains(node.Operation.Name)
            && ((derived[left] && outcome[right]) || (derived[right] && outcome[left]));
    }

    private static bool IsData(Graph graph, int id, bool[] derived) => graph[id].Varies != Varies.Nothing && !derived[id];

    private static bool IsConvolution(Node node) => node.Operation.Name.StartsWith("conv", StringComparison.OrdinalIgnoreCase);
}

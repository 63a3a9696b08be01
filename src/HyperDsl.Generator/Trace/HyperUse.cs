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
/// A value that a scan carries to a later step, or in or out, stays generated. What it multiplies counts as data unless it was
/// computed from the field's values in the same step: over several steps all values of a hyper cell and its main cell depend on one another.
/// </summary>
internal static class HyperUse
{
    private static readonly HashSet<string> Products = new(["dot", "matmul", "einsum", "contract"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Combining = new(["add", "subtract", "multiply", "divide"], StringComparer.OrdinalIgnoreCase);

    public static void Report(
        IReadOnlyList<HyperUsage> entries,
        IReadOnlyList<HyperField> fields,
        ProblemLog log)
    {
        for (int field = 0; field < fields.Count; field++)
        {
            int number = field;
            bool used = entries.Any(entry => ServesAsWeight(entry, number));
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

    private static bool ServesAsWeight(HyperUsage usage, int field)
    {
        bool[] inStep = Derived(usage, field, flows: []);
        bool[] derived = Derived(usage, field, usage.Flows);
        bool[] outcome = Outcomes(usage.Graph, inStep);
        return usage.Graph.Nodes.Any(node => node.Inputs.Count >= 2
            && (IsWeightUse(node, node.Inputs[0], node.Inputs[1]) || IsWeightUse(node, node.Inputs[1], node.Inputs[0])));

        bool IsWeightUse(Node node, int weight, int other) => derived[weight] && (
            IsConvolution(node) ? weight == node.Inputs[1]
            : Products.Contains(node.Operation.Name) ? usage.Graph[other].Varies != Varies.Nothing && !inStep[other]
            : Combining.Contains(node.Operation.Name) && outcome[other]);
    }

    /// <summary>The nodes that hold a value of the field or something computed from one, along operations and the given flows.</summary>
    private static bool[] Derived(HyperUsage usage, int field, IReadOnlyList<(int From, int To)> flows)
    {
        bool[] derived = new bool[usage.Graph.Nodes.Count];
        foreach ((_, int node) in usage.Generated.Where(mark => mark.Field == field))
        {
            derived[node] = true;
        }
        bool grows = true;
        while (grows)
        {
            foreach (Node node in usage.Graph.Nodes)
            {
                derived[node.Id] |= node.Inputs.Any(input => derived[input]);
            }
            grows = false;
            foreach ((int from, int to) in flows)
            {
                grows |= derived[from] && !derived[to];
                derived[to] |= derived[from];
            }
        }
        return derived;
    }

    /// <summary>The outcomes of products with data, and what is computed from them, that do not come from the field.</summary>
    private static bool[] Outcomes(Graph graph, bool[] derived)
    {
        bool[] outcome = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            bool isProduct = IsConvolution(node) || Products.Contains(node.Operation.Name);
            outcome[node.Id] = !derived[node.Id]
                && (isProduct ? node.Varies != Varies.Nothing : node.Inputs.Any(input => outcome[input]));
        }
        return outcome;
    }

    private static bool IsConvolution(Node node) => node.Operation.Name.StartsWith("conv", StringComparison.OrdinalIgnoreCase);
}

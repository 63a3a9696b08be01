using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// Products with a diagonal matrix, which the language's <c>Diag(d)</c> writes as rows of n + 1 numbers read again as rows of n:
/// <c>Σ_j diag(d)[i, j] B[j, …] = d[i] B[i, …]</c>. The matrix is never made.
/// </summary>
internal static class DiagonalMatrix
{
    /// <summary>A product as a scaling, where one operand is a diagonal matrix whose rows or columns are summed over; else null.</summary>
    /// <param name="graph">Where to build.</param>
    /// <param name="contract">The product.</param>
    /// <param name="a">Its left operand.</param>
    /// <param name="b">Its right operand.</param>
    public static Value? Product(GraphBuilder graph, Contract contract, Node a, Node b) =>
        Scaled(graph, a, contract.Left, b, contract.Right, contract.Result)
        ?? Scaled(graph, b, contract.Right, a, contract.Left, contract.Result);

    private static Value? Scaled(
        GraphBuilder graph, Node matrix, EquatableArray<int> labels, Node other, EquatableArray<int> otherLabels,
        EquatableArray<int> result)
    {
        if (DiagonalOf(graph, matrix) is not Value diagonal)
        {
            return null;
        }
        for (int side = 0; side < 2; side++)
        {
            (int summed, int kept) = (labels[side], labels[1 - side]);
            if (!result.Contains(summed) && result.Contains(kept) && !otherLabels.Contains(kept))
            {
                EquatableArray<int> renamed = otherLabels.Select(label => label == summed ? kept : label).ToEquatable();
                return Contraction.Build(graph, new EquatableArray<int>(kept), renamed, result, diagonal, other.Value);
            }
        }
        return null;
    }

    /// <summary>The diagonal, if a value was written as <c>Diag</c> writes it.</summary>
    private static Value? DiagonalOf(GraphBuilder graph, Node matrix)
    {
        if (matrix.Operation is not Reshape || matrix.Shape.Rank != 2 || matrix.Shape[0] != matrix.Shape[1])
        {
            return null;
        }
        int n = matrix.Shape[0];
        Node slice = graph[matrix.Input(0)];
        if (slice.Operation is not Slice { Axis: 0, Start: 0 } || slice.Shape != Shape.Of(n * n))
        {
            return null;
        }
        Node rows = graph[slice.Input(0)];
        if (rows.Operation is not Reshape || rows.Shape != Shape.Of(n * (n + 1)))
        {
            return null;
        }
        Node pad = graph[rows.Input(0)];
        return pad.Operation is Pad { Number: 0 } padding && pad.Shape == Shape.Of(n, n + 1)
            && padding.Before.All(before => before == 0) && graph[pad.Input(0)].Shape == Shape.Of(n, 1)
            ? graph.Add(new Reshape(Shape.Of(n)), pad.Input(0))
            : null;
    }
}

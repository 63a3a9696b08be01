using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>Brings sums of products into the form of <see cref="Contract"/>, or a simpler one where there is one.</summary>
internal static class Contraction
{
    /// <summary>The sum over all labels not in the result of the product of two operands.</summary>
    /// <param name="graph">Where to build.</param>
    /// <param name="left">A label for each axis of <paramref name="a"/>, each once.</param>
    /// <param name="right">A label for each axis of <paramref name="b"/>, each once.</param>
    /// <param name="result">A label for each axis of the result, each once and in one of the operands.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Value Build(
        GraphBuilder graph, EquatableArray<int> left, EquatableArray<int> right, EquatableArray<int> result, Value a, Value b)
    {
        CheckSizes("Contract", left, right, graph[a].Shape, graph[b].Shape);
        (a, left) = SumLone(graph, a, left, right, result);
        (b, right) = SumLone(graph, b, right, left, result);
        bool summed = left.Any(label => !result.Contains(label));
        bool oneHasAll = result.All(label => left.Contains(label)) || result.All(label => right.Contains(label));
        if (!summed && oneHasAll)
        {
            Dictionary<int, int> sizes = new Contract(left, right, result).Sizes(graph[a].Shape, graph[b].Shape);
            Shape shape = Shape.Of(result.Select(label => sizes[label]));
            return graph.Times(Spread(graph, a, left, result, shape), Spread(graph, b, right, result, shape));
        }
        Dictionary<int, int> numbers = [];
        foreach (int label in left.Concat(right))
        {
            if (!numbers.ContainsKey(label))
            {
                numbers.Add(label, numbers.Count);
            }
        }
        EquatableArray<int> Renumber(EquatableArray<int> labels) => labels.Select(label => numbers[label]).ToEquatable();
        return graph.Add(new Contract(Renumber(left), Renumber(right), Renumber(result)), a, b);
    }

    /// <exception cref="ShapeException">Ranks or the sizes of shared labels differ.</exception>
    public static void CheckSizes(
        string operation, EquatableArray<int> left, EquatableArray<int> right, Shape leftShape, Shape rightShape)
    {
        if (left.Count != leftShape.Rank || right.Count != rightShape.Rank)
        {
            throw new ShapeException(
                $"'{operation}' takes a left operand with {left.Count} axes and a right operand with {right.Count}, but got "
                + $"{leftShape} and {rightShape}.");
        }
        for (int axis = 0; axis < left.Count; axis++)
        {
            for (int other = 0; other < right.Count; other++)
            {
                if (left[axis] == right[other] && leftShape[axis] != rightShape[other])
                {
                    throw new ShapeException(
                        $"'{operation}' multiplies {leftShape} by {rightShape}: axis {axis} of the left operand has "
                        + $"{leftShape[axis]} elements, axis {other} of the right operand {rightShape[other]}; they must be equal.");
                }
            }
        }
    }

    /// <summary>Sums an operand over the labels that only it has.</summary>
    private static (Value Value, EquatableArray<int> Labels) SumLone(
        GraphBuilder graph, Value value, EquatableArray<int> labels, EquatableArray<int> other, EquatableArray<int> result)
    {
        int[] lone = Enumerable.Range(0, labels.Count)
            .Where(axis => !other.Contains(labels[axis]) && !result.Contains(labels[axis]))
            .ToArray();
        return lone.Length == 0 ? (value, labels) : (
            graph.Add(new Sum(lone.ToEquatable()), value),
            labels.Where((_, axis) => !lone.Contains(axis)).ToEquatable());
    }

    /// <summary>Brings an operand whose labels are all in the result to the result's shape.</summary>
    private static Value Spread(
        GraphBuilder graph, Value value, EquatableArray<int> labels, EquatableArray<int> result, Shape shape)
    {
        int[] place = new int[labels.Count];
        for (int axis = 0; axis < place.Length; axis++)
        {
            place[axis] = result.ToList().IndexOf(labels[axis]);
        }
        EquatableArray<int> order = Enumerable.Range(0, place.Length).OrderBy(axis => place[axis]).ToEquatable();
        Value ordered = graph.Add(new Transpose(order), value);
        Shape unit = Shape.Of(result.Select((label, axis) => labels.Contains(label) ? shape[axis] : 1));
        return graph.Add(new Broadcast(shape), graph.Add(new Reshape(unit), ordered));
    }
}

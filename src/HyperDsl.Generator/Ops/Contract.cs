using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The sum of products of two operands over shared labels, as in Einstein's notation: matrix products, inner and outer
/// products. Each label stands once in an operand, and every label of an operand stands in the other or in the result.
/// <see cref="Contraction.Build"/> brings every product into this form, with labels numbered by first appearance, so that
/// equal contractions are equal records.
/// </summary>
/// <param name="Left">A label for each axis of the left operand.</param>
/// <param name="Right">A label for each axis of the right operand.</param>
/// <param name="Result">A label for each axis of the result.</param>
internal sealed record Contract(EquatableArray<int> Left, EquatableArray<int> Right, EquatableArray<int> Result) : Operation
{
    public override string Name => "contract";

    public override string Attributes => "left=[" + Left + "] right=[" + Right + "] result=[" + Result + "]";

    public override int InputCount => 2;

    /// <summary>The sizes of the labels; every label is in <paramref name="left"/> or <paramref name="right"/>.</summary>
    public Dictionary<int, int> Sizes(Shape left, Shape right)
    {
        Dictionary<int, int> sizes = [];
        for (int axis = 0; axis < Right.Count; axis++)
        {
            sizes[Right[axis]] = right[axis];
        }
        for (int axis = 0; axis < Left.Count; axis++)
        {
            sizes[Left[axis]] = left[axis];
        }
        return sizes;
    }

    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        (Shape left, Shape right) = (inputs[0].Shape, inputs[1].Shape);
        Contraction.CheckSizes("Contract", Left, Right, left, right);
        CheckLabels();
        Dictionary<int, int> sizes = Sizes(left, right);
        return Shape.Of(Result.Select(label => sizes[label]));
    }

    /// <summary>
    /// A known zero makes all zero, whatever the other operand (see <see cref="Multiply"/>); rows of tables are read, diagonal matrices
    /// scale, transposes are absorbed.
    /// </summary>
    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        (Node a, Node b) = (inputs[0], inputs[1]);
        if (graph.ConstantOf(a.Value) is 0 || graph.ConstantOf(b.Value) is 0)
        {
            return graph.Full(0, shape);
        }
        if ((RowOf(graph, a, Left, b, Right) ?? RowOf(graph, b, Right, a, Left) ?? DiagonalMatrix.Product(graph, this, a, b)) is Value simpler)
        {
            return simpler;
        }
        if (a.Operation is not Transpose && b.Operation is not Transpose)
        {
            return null;
        }
        (Value Value, EquatableArray<int> Labels) left = Untransposed(a, Left);
        (Value Value, EquatableArray<int> Labels) right = Untransposed(b, Right);
        return Contraction.Build(graph, left.Labels, right.Labels, Result, left.Value, right.Value);
    }

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
    [
        Contraction.Build(graph, Result, Right, Left, gradient, node.Input(1)),
        Contraction.Build(graph, Left, Result, Right, node.Input(0), gradient),
    ];

    public override long Cost(IReadOnlyList<Node> inputs, Node node)
    {
        long products = 1;
        foreach (int size in Sizes(inputs[0].Shape, inputs[1].Shape).Values)
        {
            products *= size;
        }
        return products;
    }

    /// <summary>
    /// The product of a table with a one-hot vector is a row of the table: <c>Σ_k 1[k = index] W[k, …] = W[index, …]</c>.
    /// </summary>
    private Value? RowOf(
        GraphBuilder graph, Node vector, EquatableArray<int> vectorLabels, Node table, EquatableArray<int> tableLabels)
    {
        if (vector.Operation is not OneHot || vectorLabels.Count != 1 || Result.Contains(vectorLabels[0])
            || tableLabels.Count < 2 || table.Operation is OneHot)
        {
            return null;
        }
        int summed = Array.IndexOf(tableLabels.ToArray(), vectorLabels[0]);
        int[] order = [summed, .. Result.Select(label => Array.IndexOf(tableLabels.ToArray(), label))];
        return graph.Add(new Gather(), graph.Add(new Transpose(order.ToEquatable()), table.Value), vector.Input(0));
    }

    private static (Value Value, EquatableArray<int> Labels) Untransposed(Node operand, EquatableArray<int> labels)
    {
        if (operand.Operation is not Transpose transpose)
        {
            return (operand.Value, labels);
        }
        int[] original = new int[labels.Count];
        for (int axis = 0; axis < original.Length; axis++)
        {
            original[transpose.Order[axis]] = labels[axis];
        }
        return (operand.Input(0), original.ToEquatable());
    }

    private void CheckLabels()
    {
        EquatableArray<int> left = Left;
        EquatableArray<int> right = Right;
        EquatableArray<int> result = Result;
        bool once = new[] { left, right, result }.All(labels => labels.Distinct().Count() == labels.Count);
        bool known = result.All(label => left.Contains(label) || right.Contains(label));
        bool used = left.All(label => right.Contains(label) || result.Contains(label))
            && right.All(label => left.Contains(label) || result.Contains(label));
        if (!once || !known || !used)
        {
            throw new ShapeException(
                $"'Contract' of [{Left}] and [{Right}] to [{Result}]: each label must stand once in an operand or the result, "
                + "and in at least two of the three.");
        }
    }
}

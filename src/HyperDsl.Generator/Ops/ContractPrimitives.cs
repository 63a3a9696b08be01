using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The language's <c>Dot(a, b)</c>: the last axis of <c>a</c> with the first of <c>b</c>.</summary>
internal sealed class DotPrimitive : Primitive
{
    public override string Name => "dot";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        (Value a, Value b) = (arguments.Tensor(0), arguments.Tensor(1));
        (Shape left, Shape right) = (graph[a].Shape, graph[b].Shape);
        if (left.Rank == 0 || right.Rank == 0)
        {
            throw new ShapeException(
                $"'Dot' multiplies {left} by {right}: both need at least one axis; scalars are multiplied with *.");
        }
        if (left[left.Rank - 1] != right[0])
        {
            throw new ShapeException(
                $"'Dot' multiplies {left} by {right}: the last axis of the left operand has {left[left.Rank - 1]} elements, "
                + $"the first axis of the right operand {right[0]}; they must be equal.");
        }
        int shared = left.Rank - 1;
        EquatableArray<int> leftLabels = Enumerable.Range(0, left.Rank).ToEquatable();
        EquatableArray<int> rightLabels = Enumerable.Range(shared, right.Rank).ToEquatable();
        return Contraction.Build(
            graph, leftLabels, rightLabels, leftLabels.Concat(rightLabels).Where(label => label != shared).ToEquatable(), a, b);
    }
}

/// <summary>The language's <c>MatMul(a, b)</c>: <c>[…, m, k] · […, k, n]</c>.</summary>
internal sealed class MatMulPrimitive : Primitive
{
    public override string Name => "matmul";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        (Value a, Value b) = (arguments.Tensor(0), arguments.Tensor(1));
        (Shape left, Shape right) = (graph[a].Shape, graph[b].Shape);
        int leading = left.Rank - 2;
        if (left.Rank < 2 || right.Rank < 2)
        {
            throw new ShapeException(
                $"'MatMul' multiplies {left} by {right}: both need at least two axes. For a product with a vector, use 'Dot'; the batch "
                + "has no axis of its own.");
        }
        if (left.Rank != right.Rank || !left.Sizes.Take(leading).SequenceEqual(right.Sizes.Take(leading)))
        {
            throw new ShapeException(
                $"'MatMul' multiplies {left} by {right}: all axes before the last two must be equal.");
        }
        (int rows, int inner, int columns) = (leading, leading + 1, leading + 2);
        if (left[inner] != right[rows])
        {
            throw new ShapeException(
                $"'MatMul' multiplies {left} by {right}: the last axis of the left operand has {left[inner]} elements, "
                + $"the last but one of the right operand {right[rows]}; they must be equal.");
        }
        EquatableArray<int> Labels(int last, int lastButOne) =>
            Enumerable.Range(0, leading).Append(lastButOne).Append(last).ToEquatable();
        return Contraction.Build(graph, Labels(inner, rows), Labels(columns, inner), Labels(columns, rows), a, b);
    }
}

/// <summary>The language's <c>Einsum("ij,jk->ik", a, b)</c>.</summary>
internal sealed class EinsumPrimitive : Primitive
{
    public override string Name => "einsum";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        string formula = arguments.Text(0);
        (Value a, Value b) = (arguments.Tensor(1), arguments.Tensor(2));
        string text = formula.Replace(" ", "");
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        string[] operands = (arrow < 0 ? text : text.Substring(0, arrow)).Split(',');
        if (arrow < 0 || operands.Length != 2)
        {
            throw new ShapeException(
                $"'Einsum' needs a formula such as \"ij,jk->ik\", with two operands and the result, but got \"{formula}\".");
        }
        string result = text.Substring(arrow + 2);
        Check(formula, operands[0], graph[a].Shape, "left");
        Check(formula, operands[1], graph[b].Shape, "right");
        CheckLetters(formula, result, "the result");
        foreach (char letter in result)
        {
            if (operands[0].IndexOf(letter) < 0 && operands[1].IndexOf(letter) < 0)
            {
                throw new ShapeException($"'Einsum' \"{formula}\": the letter '{letter}' of the result is in neither operand.");
            }
        }
        CheckSizes(formula, operands, graph[a].Shape, graph[b].Shape);
        return Contraction.Build(graph, Labels(operands[0]), Labels(operands[1]), Labels(result), a, b);
    }

    private static EquatableArray<int> Labels(string letters) => letters.Select(letter => (int)letter).ToEquatable();

    private static void Check(string formula, string letters, Shape shape, string side)
    {
        CheckLetters(formula, letters, $"the {side} operand");
        if (letters.Length != shape.Rank)
        {
            throw new ShapeException(
                $"'Einsum' \"{formula}\": the {side} operand has {letters.Length} letters, but its shape is {shape}, "
                + $"with {shape.Rank} axes.");
        }
    }

    private static void CheckLetters(string formula, string letters, string where)
    {
        foreach (char letter in letters)
        {
            if (letter is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z')))
            {
                throw new ShapeException($"'Einsum' \"{formula}\": '{letter}' in {where} is not a letter.");
            }
            if (letters.IndexOf(letter) != letters.LastIndexOf(letter))
            {
                throw new ShapeException($"'Einsum' \"{formula}\": the letter '{letter}' stands more than once in {where}.");
            }
        }
    }

    private static void CheckSizes(string formula, string[] operands, Shape left, Shape right)
    {
        for (int axis = 0; axis < left.Rank; axis++)
        {
            char letter = operands[0][axis];
            int other = operands[1].IndexOf(letter);
            if (other >= 0 && left[axis] != right[other])
            {
                throw new ShapeException(
                    $"'Einsum' \"{formula}\" multiplies {left} by {right}: the letter '{letter}' is {left[axis]} in the left "
                    + $"operand and {right[other]} in the right; they must be equal.");
            }
        }
    }
}

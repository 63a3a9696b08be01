namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// The sum over all letters that the result does not name of the products of two elements, such as <c>"ij,jk->ik"</c> for a
    /// matrix product.
    /// </summary>
    /// <param name="formula">Letters of the axes of both operands and of the result; each once an operand.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <exception cref="TensorShapeException">The formula is malformed, or does not fit the shapes.</exception>
    [Primitive("einsum")]
    public static Tensor Einsum(string formula, Tensor a, Tensor b)
    {
        (string first, string second, string kept) = ParseFormula(formula);
        Dictionary<char, int> sizes = [];
        AddSizes(formula, first, a, sizes);
        AddSizes(formula, second, b, sizes);
        if (kept.Any(letter => !sizes.ContainsKey(letter)))
        {
            throw new TensorShapeException($"The formula '{formula}' has a letter in its result that no operand has.");
        }
        string letters = kept + string.Concat(sizes.Keys.Where(letter => !kept.Contains(letter)));
        int[] all = [.. letters.Select(letter => sizes[letter])];
        int[] shape = [.. kept.Select(letter => sizes[letter])];
        int[] fromA = ShapeRules.Offsets(all, StepsOf(letters, first, a.Sizes));
        int[] fromB = ShapeRules.Offsets(all, StepsOf(letters, second, b.Sizes));
        int[] target = ShapeRules.Offsets(all, StepsOf(letters, kept, shape));
        return Lifting.Two("Einsum", a, b, shape, (left, right, result) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                result[target[i]] += left[fromA[i]] * right[fromB[i]];
            }
        });
    }

    private static (string First, string Second, string Kept) ParseFormula(string formula)
    {
        string[] sides = formula.Split("->");
        string[] operands = sides[0].Split(',');
        if (sides.Length != 2 || operands.Length != 2
            || operands.Append(sides[1]).Any(part => part.Any(letter => !char.IsAsciiLetter(letter)) || part.Distinct().Count() != part.Length))
        {
            throw new TensorShapeException(
                $"The formula '{formula}' is none. Write one letter an axis, each once an operand, such as \"ij,jk->ik\".");
        }
        return (operands[0], operands[1], sides[1]);
    }

    private static void AddSizes(string formula, string letters, Tensor operand, Dictionary<char, int> sizes)
    {
        if (letters.Length != operand.Rank)
        {
            throw new TensorShapeException(
                $"The formula '{formula}' gives {letters.Length} letters ('{letters}') to an operand of shape "
                + $"{ShapeRules.Text(operand.Sizes)}. Write one letter an axis.");
        }
        for (int axis = 0; axis < letters.Length; axis++)
        {
            int size = operand.Sizes[axis];
            if (sizes.TryGetValue(letters[axis], out int other) && other != size)
            {
                throw new TensorShapeException(
                    $"The formula '{formula}' gives letter '{letters[axis]}' to axes of {other} and of {size} entries. They must be equal.");
            }
            sizes[letters[axis]] = size;
        }
    }

    private static int[] StepsOf(string letters, string operand, int[] sizes)
    {
        int[] strides = ShapeRules.Strides(sizes);
        return [.. letters.Select(letter => operand.IndexOf(letter) is >= 0 and int axis ? strides[axis] : 0)];
    }
}

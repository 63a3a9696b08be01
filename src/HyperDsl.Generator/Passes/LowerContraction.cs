using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Contractions as matrix products. The labels fall into four groups: shared by all (batch), of the left and the result
/// (rows), of both operands only (inner), of the right and the result (columns). Operands are transposed into that order, which
/// costs nothing where a kernel can follow the strides.
/// </summary>
internal static class LowerContraction
{
    /// <summary>Columns that fill a vector of 512 bits.</summary>
    private const int VectorColumns = 16;

    public static Value Run(GraphBuilder builder, Contract contract, Value left, Value right, bool overExamples)
    {
        if (ShouldSwap(builder, contract, left, right, overExamples))
        {
            contract = new Contract(contract.Right, contract.Left, contract.Result);
            (left, right) = (right, left);
        }
        int[] batch = contract.Result.Where(l => contract.Left.Contains(l) && contract.Right.Contains(l)).ToArray();
        int[] rows = contract.Result.Where(l => contract.Left.Contains(l) && !contract.Right.Contains(l)).ToArray();
        int[] columns = contract.Result.Where(l => !contract.Left.Contains(l)).ToArray();
        int[] inner = contract.Left.Where(l => !contract.Result.Contains(l)).ToArray();
        EquatableArray<int> columnSizes = columns
            .Select(label => builder[right].Shape[IndexOf(contract.Right, label)]).ToEquatable();

        Value a = Ordered(builder, left, contract.Left, [.. batch, .. rows, .. inner]);
        Value b = Ordered(builder, right, contract.Right, [.. batch, .. inner, .. columns]);
        bool packed = !overExamples && !VariesWithExample(builder, right) && VariesWithExample(builder, left);
        if (packed)
        {
            b = builder.Add(new PackMatrix(batch.Length, inner.Length), Lower.NameAfter(builder, right, "packed"), b);
        }
        Value product = builder.Add(
            new Gemm(batch.Length, rows.Length, inner.Length, columnSizes, packed, overExamples), a, b);
        return Ordered(builder, product, new EquatableArray<int>([.. batch, .. rows, .. columns]), [.. contract.Result]);
    }

    /// <summary>
    /// The operand that varies goes left, so that all examples' rows form one product with the packed right one. Where both
    /// vary or neither does, the columns should be neighbours in memory; where they cannot, the inner axes should.
    /// </summary>
    private static bool ShouldSwap(GraphBuilder builder, Contract contract, Value left, Value right, bool overExamples)
    {
        bool leftVaries = VariesWithExample(builder, left);
        bool rightVaries = VariesWithExample(builder, right);
        if (leftVaries != rightVaries && !overExamples)
        {
            return rightVaries;
        }
        int rightColumns = Columns(builder, contract.Right, contract, right);
        int leftColumns = Columns(builder, contract.Left, contract, left);
        // Sums over examples are long and used once: of two matrices that both fill a vector the narrower is the one to be packed.
        return overExamples && Math.Min(leftColumns, rightColumns) >= VectorColumns
            ? leftColumns < rightColumns
            : rightColumns < leftColumns;
    }

    /// <summary>How many columns a kernel would see as neighbours if this operand went right.</summary>
    private static int Columns(GraphBuilder builder, EquatableArray<int> labels, Contract contract, Value operand)
    {
        EquatableArray<int> other = labels == contract.Right ? contract.Left : contract.Right;
        int columns = 1;
        for (int axis = labels.Count - 1; axis >= 0; axis--)
        {
            if (other.Contains(labels[axis]) || !contract.Result.Contains(labels[axis]))
            {
                break;
            }
            columns *= builder[operand].Shape[axis];
        }
        return columns;
    }

    /// <summary>A value with its axes, which have labels, in another order.</summary>
    internal static Value Ordered(GraphBuilder builder, Value value, EquatableArray<int> labels, int[] wanted) =>
        builder.Add(new Transpose(wanted.Select(label => IndexOf(labels, label)).ToEquatable()), value);

    /// <summary>The axis with a label.</summary>
    internal static int IndexOf(EquatableArray<int> labels, int label) => Array.IndexOf(labels.ToArray(), label);

    private static bool VariesWithExample(GraphBuilder builder, Value value) =>
        builder[value].VariesWithExample;
}

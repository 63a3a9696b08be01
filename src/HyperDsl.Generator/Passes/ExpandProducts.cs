using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// A product of a weight with a few numbers of every example, such as the scaling of rows by an embedding of 4, becomes elementwise work,
/// <c>y = z₁ w₁ + z₂ w₂ + …</c>, which joins the pass that reads it: as a product of its own it would take longer to write and to read back than
/// to compute. The order of the additions and their rounding are those of the kernel.
/// </summary>
internal static class ExpandProducts
{
    /// <summary>Columns of the weight that fill a vector.</summary>
    private const int LeastColumns = 16;

    public static Graph Run(Graph graph, CancellationToken token, MachineCosts costs)
    {
        HashSet<int> expanded = [];
        return GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            Value? value = node.Operation switch
            {
                Contract contract => Expand(builder, contract, inputs, costs),
                Scan scan => builder.Add(scan with { Body = Run(scan.Body, token, costs) }, inputs),
                Slice slice when builder[inputs[0]].Operation is Reshape && expanded.Contains(builder[inputs[0]].Inputs[0]) =>
                    CutBeforeReshape(builder, slice, inputs[0]),
                _ => null,
            };
            if (value is Value made && node.Operation is Contract)
            {
                expanded.Add(made.Id);
            }
            return value;
        });
    }

    private static Value? Expand(GraphBuilder builder, Contract contract, Value[] inputs, MachineCosts costs)
    {
        bool leftVaries = builder[inputs[0]].VariesWithExample;
        if (leftVaries == builder[inputs[1]].VariesWithExample)
        {
            return null;
        }
        (Value numbers, EquatableArray<int> ofNumbers) = leftVaries ? (inputs[0], contract.Left) : (inputs[1], contract.Right);
        (Value weight, EquatableArray<int> ofWeight) = leftVaries ? (inputs[1], contract.Right) : (inputs[0], contract.Left);
        int[] inner = ofNumbers.Where(label => !contract.Result.Contains(label)).ToArray();
        int[] columns = contract.Result.Where(label => !ofNumbers.Contains(label)).ToArray();
        Shape shape = builder[weight].Shape;
        bool fits = inner.Length == 1 && shape[LowerContraction.IndexOf(ofWeight, inner[0])] <= costs.ExpandedProducts
            // One row for each example and matrix: all that stays of the numbers are axes that both share.
            && contract.Result.All(ofWeight.Contains)
            && columns.Length == 1 && contract.Result[contract.Result.Count - 1] == columns[0]
            && shape[LowerContraction.IndexOf(ofWeight, columns[0])] >= LeastColumns;
        return fits ? Sum(builder, numbers, ofNumbers, weight, ofWeight, contract.Result, inner[0]) : null;
    }

    private static Value Sum(
        GraphBuilder builder, Value numbers, EquatableArray<int> ofNumbers, Value weight, EquatableArray<int> ofWeight,
        EquatableArray<int> result, int inner)
    {
        int[] shared = result.Where(ofNumbers.Contains).ToArray();
        Value ordered = LowerContraction.Ordered(builder, numbers, ofNumbers, [inner, .. shared]);
        // In memory of its own, so that what meets one number lies side by side, and the terms of a row next to each other: often a
        // power of two apart, they would evict each other from the cache.
        int axis = result.Count - 1;
        Value rows = builder.Add(
            new Copy(), Lower.NameAfter(builder, weight, "by term"),
            LowerContraction.Ordered(builder, weight, ofWeight, [.. result.Take(axis), inner, result[axis]]));
        Shape stored = builder[rows].Shape;
        Shape shape = Shape.Of([.. stored.Sizes.Take(axis), stored[axis + 1]]);
        Shape repeated = Shape.Of(result.Select((label, position) => shared.Contains(label) ? shape[position] : 1));
        Value? sum = null;
        for (int term = 0; term < stored[axis]; term++)
        {
            Value number = builder.Add(new Broadcast(shape), builder.Add(new Reshape(repeated), builder.Add(new Slice(0, term, 1), ordered)));
            Value row = builder.Add(new Reshape(shape), builder.Add(new Slice(axis, term, 1), rows));
            sum = sum is Value before ? builder.Add(new MultiplyAdd(), number, row, before) : builder.Add(new Multiply(), number, row);
        }
        return sum!.Value;
    }

    /// <summary>
    /// A slice of a flattened product as the flattened slice of the product, where it takes whole rows, so that
    /// <see cref="SliceEarly"/> can cut the product.
    /// </summary>
    private static Value? CutBeforeReshape(GraphBuilder builder, Slice slice, Value flattened)
    {
        Node whole = builder[new Value(builder[flattened].Inputs[0])];
        Shape flat = builder[flattened].Shape;
        int row = whole.Shape.Count / whole.Shape[0];
        int taken = flat.Count / flat[0];
        if (slice.Axis != 0 || slice.Start * taken % row != 0 || slice.Length * taken % row != 0)
        {
            return null;
        }
        Value cut = builder.Add(new Slice(0, slice.Start * taken / row, slice.Length * taken / row), whole.Value);
        return builder.Add(new Reshape(flat.With(0, slice.Length)), cut);
    }
}

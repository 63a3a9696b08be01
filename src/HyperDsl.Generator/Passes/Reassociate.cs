using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Chooses the cheaper order of products with generated weights, so that a weight matrix that differs from example to example
/// is not materialised where it need not be: <c>(diag(d)·W)·h</c> becomes <c>d ⊙ (W·h)</c> (HyperNetworks, eq. 5 to 8), and of
/// <c>(Σ z_k W_k)·x</c> and <c>Σ z_k (W_k·x)</c> the one that costs less is taken.
/// </summary>
internal static class Reassociate
{
    /// <summary>How often a value that varies with the example is computed for one that does not: a middling batch.</summary>
    private const long NominalBatch = 64;

    public static Graph Run(Graph graph, CancellationToken token)
    {
        int[] uses = graph.CountUses();
        return GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            if (node.Operation is not Contract contract)
            {
                return null;
            }
            bool leftAlone = uses[node.Inputs[0]] == 1;
            bool rightAlone = uses[node.Inputs[1]] == 1;
            return (leftAlone ? Reordered(builder, contract, inputs[0], inputs[1], leftIsProduct: true) : null)
                ?? (rightAlone ? Reordered(builder, contract, inputs[0], inputs[1], leftIsProduct: false) : null);
        });
    }

    private static Value? Reordered(GraphBuilder builder, Contract contract, Value left, Value right, bool leftIsProduct)
    {
        Value product = leftIsProduct ? left : right;
        Value other = leftIsProduct ? right : left;
        EquatableArray<int> productLabels = leftIsProduct ? contract.Left : contract.Right;
        EquatableArray<int> otherLabels = leftIsProduct ? contract.Right : contract.Left;
        return builder[product].Operation switch
        {
            Multiply => Scaled(builder, builder[product], productLabels, other, otherLabels, contract.Result),
            Contract inner => Chained(
                builder, builder[product], inner, productLabels, other, otherLabels, contract.Result),
            _ => null,
        };
    }

    /// <summary>A factor that is constant along the summed axes comes out of the sum.</summary>
    private static Value? Scaled(
        GraphBuilder builder, Node product, EquatableArray<int> labels, Value other, EquatableArray<int> otherLabels,
        EquatableArray<int> result)
    {
        for (int side = 0; side < 2; side++)
        {
            Node scale = builder[product.Inputs[side]];
            Value matrix = new(product.Inputs[1 - side]);
            if (!scale.VariesWithExample || builder[matrix].VariesWithExample
                || Unrepeated(builder, scale, labels) is not (Value vector, EquatableArray<int> own)
                || own.Any(label => !result.Contains(label)))
            {
                continue;
            }
            Value sum = Contraction.Build(builder, labels, otherLabels, result, matrix, other);
            return Contraction.Build(builder, result, own, result, sum, vector);
        }
        return null;
    }

    /// <summary>The value before it was repeated, with the labels it really depends on.</summary>
    private static (Value Vector, EquatableArray<int> Labels)? Unrepeated(
        GraphBuilder builder, Node scale, EquatableArray<int> labels)
    {
        if (scale.Operation is not Broadcast)
        {
            return null;
        }
        Node source = builder[scale.Inputs[0]];
        int added = labels.Count - source.Shape.Rank;
        int[] kept = Enumerable.Range(0, source.Shape.Rank).Where(axis => source.Shape[axis] != 1).ToArray();
        Value squeezed = builder.Add(
            new Reshape(Shape.Of(kept.Select(axis => source.Shape[axis]))), new Value(source.Id));
        return (squeezed, kept.Select(axis => labels[axis + added]).ToEquatable());
    }

    /// <summary><c>(A·B)·C</c> as <c>A·(B·C)</c> or <c>(A·C)·B</c> where that costs less.</summary>
    private static Value? Chained(
        GraphBuilder builder, Node product, Contract inner, EquatableArray<int> labels, Value other,
        EquatableArray<int> otherLabels, EquatableArray<int> result)
    {
        // The inner product's labels, renamed so that its result carries the outer labels and its sums new ones.
        Dictionary<int, int> names = [];
        for (int axis = 0; axis < inner.Result.Count; axis++)
        {
            names[inner.Result[axis]] = labels[axis];
        }
        int next = labels.Concat(otherLabels).Concat(result).DefaultIfEmpty(0).Max() + 1;
        foreach (int label in inner.Left.Concat(inner.Right))
        {
            if (!names.ContainsKey(label))
            {
                names[label] = next++;
            }
        }
        EquatableArray<int> first = inner.Left.Select(label => names[label]).ToEquatable();
        EquatableArray<int> second = inner.Right.Select(label => names[label]).ToEquatable();
        Value a = new(product.Inputs[0]);
        Value b = new(product.Inputs[1]);
        Factor[] factors = [new(a, first), new(b, second), new(other, otherLabels)];
        long now = PairCost(builder, factors[0], factors[1], factors[2], result);
        long ac = PairCost(builder, factors[0], factors[2], factors[1], result);
        long bc = PairCost(builder, factors[1], factors[2], factors[0], result);
        if (now <= Math.Min(ac, bc))
        {
            return null;
        }
        return ac < bc
            ? Pair(builder, factors[0], factors[2], factors[1], result)
            : Pair(builder, factors[1], factors[2], factors[0], result);
    }

    private sealed record Factor(Value Value, EquatableArray<int> Labels);

    private static EquatableArray<int> Intermediate(Factor x, Factor y, Factor last, EquatableArray<int> result) =>
        x.Labels.Concat(y.Labels).Distinct()
            .Where(label => last.Labels.Contains(label) || result.Contains(label)).ToEquatable();

    private static Value Pair(GraphBuilder builder, Factor x, Factor y, Factor last, EquatableArray<int> result)
    {
        EquatableArray<int> labels = Intermediate(x, y, last, result);
        Value pair = Contraction.Build(builder, x.Labels, y.Labels, labels, x.Value, y.Value);
        return Contraction.Build(builder, labels, last.Labels, result, pair, last.Value);
    }

    private static long PairCost(GraphBuilder builder, Factor x, Factor y, Factor last, EquatableArray<int> result)
    {
        Dictionary<int, int> sizes = [];
        foreach (Factor factor in new[] { x, y, last })
        {
            for (int axis = 0; axis < factor.Labels.Count; axis++)
            {
                sizes[factor.Labels[axis]] = builder[factor.Value].Shape[axis];
            }
        }
        long Work(IEnumerable<int> labels) => labels.Distinct().Aggregate(1L, (product, label) => product * sizes[label]);
        bool Each(Factor factor) => builder[factor.Value].VariesWithExample;
        long pairTimes = Each(x) || Each(y) ? NominalBatch : 1;
        long allTimes = Each(x) || Each(y) || Each(last) ? NominalBatch : 1;
        EquatableArray<int> labels = Intermediate(x, y, last, result);
        return (Work(x.Labels.Concat(y.Labels)) * pairTimes) + (Work(labels.Concat(last.Labels)) * allTimes);
    }
}

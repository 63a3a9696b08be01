using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Passes;

/// <summary>
/// Chooses the cheaper order of products with generated weights, so that a weight matrix that differs from example to example
/// is not materialised where it need not be: <c>(diag(d)·W)·h</c> becomes <c>d ⊙ (W·h)</c> (HyperNetworks, eq. 5 to 8) and
/// <c>(W·diag(d))·h</c> becomes <c>W·(d ⊙ h)</c>, and of
/// <c>(Σ z_k W_k)·x</c> and <c>Σ z_k (W_k·x)</c> the one that costs less is taken.
/// </summary>
internal static class Reassociate
{
    /// <summary>How often a value that varies with the example is computed for one that does not: a middling batch.</summary>
    private const long NominalBatch = 64;

    /// <param name="graph">The graph.</param>
    /// <param name="token">Stops the work.</param>
    /// <param name="chosen">Receives, for each product whose order is changed, what was chosen; nodes are those of the given graph.</param>
    public static Graph Run(Graph graph, CancellationToken token, Dictionary<object, ProductCost>? chosen = null)
    {
        int[] uses = graph.CountUses();
        return GraphRewriter.Rewrite(graph, (builder, node, inputs) =>
        {
            token.ThrowIfCancellationRequested();
            if (node.Operation is Scan scan)
            {
                return builder.Add(scan with { Body = Run(scan.Body, token, chosen) }, inputs);
            }
            if (node.Operation is not Contract contract)
            {
                return null;
            }
            bool leftAlone = uses[node.Inputs[0]] == 1;
            bool rightAlone = uses[node.Inputs[1]] == 1;
            Reordering? reordered = (leftAlone ? Reordered(builder, contract, inputs[0], inputs[1], leftIsProduct: true) : null)
                ?? (rightAlone ? Reordered(builder, contract, inputs[0], inputs[1], leftIsProduct: false) : null);
            if (reordered is not null)
            {
                chosen?.Add(node, reordered.Cost);
            }
            return reordered?.Value;
        });
    }

    private sealed record Reordering(Value Value, ProductCost Cost);

    private static Reordering? Reordered(GraphBuilder builder, Contract contract, Value left, Value right, bool leftIsProduct)
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
    private static Reordering? Scaled(
        GraphBuilder builder, Node product, EquatableArray<int> labels, Value other, EquatableArray<int> otherLabels,
        EquatableArray<int> result)
    {
        for (int side = 0; side < 2; side++)
        {
            Node scale = builder[product.Inputs[side]];
            Value matrix = new(product.Inputs[1 - side]);
            if (!scale.VariesWithExample || builder[matrix].VariesWithExample
                || Unrepeated(builder, scale, labels) is not (Value vector, EquatableArray<int> own))
            {
                continue;
            }
            if (own.Any(label => !result.Contains(label)))
            {
                // Of several vectors of data, more numbers might be scaled than the matrix has.
                if (own.All(label => otherLabels.Contains(label)) && builder[other].Shape.Count <= builder[matrix].Shape.Count)
                {
                    return ScaledData(builder, vector, own, new Factor(matrix, labels), new Factor(other, otherLabels), result);
                }
                continue;
            }
            Value sum = Contraction.Build(builder, labels, otherLabels, result, matrix, other);
            long work = Work(Sizes(builder, new Factor(matrix, labels), new Factor(other, otherLabels)), labels.Concat(otherLabels));
            return new Reordering(
                Contraction.Build(builder, result, own, result, sum, vector),
                new ProductCost(ProductForm.ScaledResult, builder[vector].Shape.Count, work + builder[sum].Shape.Count));
        }
        return null;
    }

    /// <summary>A factor that is constant along the axes of the result goes to what the matrix is multiplied with.</summary>
    private static Reordering ScaledData(
        GraphBuilder builder, Value vector, EquatableArray<int> own, Factor matrix, Factor other, EquatableArray<int> result)
    {
        Value scaled = Contraction.Build(builder, other.Labels, own, other.Labels, other.Value, vector);
        long work = Work(Sizes(builder, matrix, other), matrix.Labels.Concat(other.Labels));
        return new Reordering(
            Contraction.Build(builder, matrix.Labels, other.Labels, result, matrix.Value, scaled),
            new ProductCost(ProductForm.ScaledData, builder[vector].Shape.Count, work + builder[scaled].Shape.Count));
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
    private static Reordering? Chained(
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
        Order now = new(factors[0], factors[1], factors[2]);
        Order best = new[] { new Order(factors[1], factors[2], factors[0]), new Order(factors[0], factors[2], factors[1]) }
            .OrderBy(order => WeightedCost(builder, order, result)).First();
        return WeightedCost(builder, best, result) < WeightedCost(builder, now, result)
            ? new Reordering(Build(builder, best, result), CostOf(builder, best, result))
            : null;
    }

    private sealed record Factor(Value Value, EquatableArray<int> Labels);

    /// <summary>A product of three: the first with the second, then with the last.</summary>
    private sealed record Order(Factor First, Factor Second, Factor Last)
    {
        public EquatableArray<int> Intermediate(EquatableArray<int> result) =>
            First.Labels.Concat(Second.Labels).Distinct()
                .Where(label => Last.Labels.Contains(label) || result.Contains(label)).ToEquatable();
    }

    private static Value Build(GraphBuilder builder, Order order, EquatableArray<int> result)
    {
        EquatableArray<int> labels = order.Intermediate(result);
        Value pair = Contraction.Build(
            builder, order.First.Labels, order.Second.Labels, labels, order.First.Value, order.Second.Value);
        return Contraction.Build(builder, labels, order.Last.Labels, result, pair, order.Last.Value);
    }

    private static long WeightedCost(GraphBuilder builder, Order order, EquatableArray<int> result)
    {
        ProductCost cost = CostOf(builder, order, result);
        return (cost.MultiplyAdds * NominalBatch) + cost.SharedMultiplyAdds;
    }

    private static ProductCost CostOf(GraphBuilder builder, Order order, EquatableArray<int> result)
    {
        Dictionary<int, int> sizes = Sizes(builder, order.First, order.Second, order.Last);
        bool Each(Factor factor) => builder[factor.Value].VariesWithExample;
        EquatableArray<int> labels = order.Intermediate(result);
        long pair = Work(sizes, order.First.Labels.Concat(order.Second.Labels));
        long all = Work(sizes, labels.Concat(order.Last.Labels));
        long partial = Work(sizes, labels);
        bool pairEach = Each(order.First) || Each(order.Second);
        bool allEach = pairEach || Each(order.Last);
        return new ProductCost(
            pairEach ? ProductForm.FactorFirst : ProductForm.MatrixOnce,
            pairEach ? partial : 0,
            (pairEach ? pair : 0) + (allEach ? all : 0),
            pairEach ? 0 : partial,
            (pairEach ? 0 : pair) + (allEach ? 0 : all));
    }

    private static Dictionary<int, int> Sizes(GraphBuilder builder, params Factor[] factors)
    {
        Dictionary<int, int> sizes = [];
        foreach (Factor factor in factors)
        {
            for (int axis = 0; axis < factor.Labels.Count; axis++)
            {
                sizes[factor.Labels[axis]] = builder[factor.Value].Shape[axis];
            }
        }
        return sizes;
    }

    private static long Work(Dictionary<int, int> sizes, IEnumerable<int> labels) =>
        labels.Distinct().Aggregate(1L, (product, label) => product * sizes[label]);
}

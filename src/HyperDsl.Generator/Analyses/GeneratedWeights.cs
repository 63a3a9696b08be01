using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Analyses;

/// <summary>
/// Finds an entry's products of data with weight matrices that are computed from parameters, and says how each is computed. A matrix
/// counts as generated where
/// <list type="bullet">
/// <item>it is the same for all examples and more than a parameter arranged otherwise, or</item>
/// <item>it differs from example to example and all its axes are those of parameters: a matrix with scaled rows or columns, a weighted sum of
/// matrices, or</item>
/// <item>it differs from example to example and a field marked <c>[Hyper]</c> makes it.</item>
/// </list>
/// A scaling of the rows of a product by what a <c>[Hyper]</c> field makes is a product with a generated matrix that never existed.
/// </summary>
internal sealed class GeneratedWeights
{
    private readonly WeightFacts facts;
    private readonly IReadOnlyDictionary<object, ProductCost> chosen;
    private readonly List<GeneratedProduct> products = [];
    private readonly List<GeneratedMatrix> matrices = [];
    private readonly HashSet<object> counted = new(ReferenceComparer.Instance);
    private readonly Dictionary<int, bool> hasAxesOfWeights = [];

    private GeneratedWeights(WeightFacts facts, IReadOnlyDictionary<object, ProductCost> chosen)
    {
        this.facts = facts;
        this.chosen = chosen;
    }

    /// <param name="name">The entry.</param>
    /// <param name="graph">Its graph before products are reordered.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="chosen">For products whose order was changed, by node: what was chosen.</param>
    public static EntryExplanation Explain(
        string name, Graph graph, EquatableArray<Parameter> parameters, IReadOnlyDictionary<object, ProductCost> chosen)
    {
        GeneratedWeights found = new(WeightFacts.Of(graph, parameters), chosen);
        found.Walk();
        return new EntryExplanation(name, found.products.ToEquatable(), found.matrices.ToEquatable());
    }

    private Graph Graph => facts.Graph;

    private void Walk()
    {
        foreach (Node node in Graph.Nodes)
        {
            switch (node.Operation)
            {
                case Scan:
                    GeneratedWeights step = new(facts.Inside(node), chosen);
                    step.Walk();
                    products.AddRange(step.products);
                    matrices.AddRange(step.matrices);
                    break;
                case Contract when IsData(node, 1) && IsGenerated(node, 0, 1):
                    AddProduct(node, matrix: 0);
                    break;
                case Contract when IsData(node, 0) && IsGenerated(node, 1, 0):
                    AddProduct(node, matrix: 1);
                    break;
                case Convolve when IsData(node, 0) && IsGenerated(node, 1, 0):
                    AddProduct(node, matrix: 1);
                    break;
                case Multiply when !TryAddScaledRows(node, 0, 1):
                    TryAddScaledRows(node, 1, 0);
                    break;
            }
        }
    }

    private Node Input(Node node, int index) => Graph[node.Inputs[index]];

    private bool IsData(Node product, int index) => Input(product, index).Varies != Varies.Nothing;

    private bool IsGenerated(Node product, int index, int other)
    {
        Node matrix = Input(product, index);
        if (matrix.Shape.Rank < 2)
        {
            return false;
        }
        return matrix.Varies == Varies.Nothing
            ? facts.IsShared(matrix) && !facts.IsPlain(matrix)
            : HasAxesOfWeights(matrix) || (facts.IsHyper(matrix) && !facts.IsHyper(Input(product, other)));
    }

    /// <summary>Whether a matrix of every example has no axis but those of matrices of parameters that it is made of.</summary>
    private bool HasAxesOfWeights(Node matrix)
    {
        // A chain of sums that read a matrix twice has more paths than can be walked.
        if (!hasAxesOfWeights.TryGetValue(matrix.Id, out bool known))
        {
            known = FindAxesOfWeights(matrix);
            hasAxesOfWeights.Add(matrix.Id, known);
        }
        return known;
    }

    private bool FindAxesOfWeights(Node matrix)
    {
        switch (matrix.Operation)
        {
            case Reshape or Transpose:
                return matrix.Shape.Rank >= 2 && Input(matrix, 0).Shape.Rank >= 2 && HasAxesOfWeights(Input(matrix, 0));
            case Add or Subtract:
                return matrix.Inputs.Select(input => Graph[input]).All(part =>
                    facts.IsShared(part) ? part.Shape.Rank >= 2 : HasAxesOfWeights(part));
            case Multiply:
                return matrix.Inputs.Select(input => Graph[input]).Any(part =>
                    facts.IsShared(part) && part.Operation is not Broadcast && part.Shape.Rank >= 2);
            case Contract contract:
                return (facts.IsShared(Input(matrix, 0)) && contract.Result.All(label => contract.Left.Contains(label)))
                    || (facts.IsShared(Input(matrix, 1)) && contract.Result.All(label => contract.Right.Contains(label)));
            default:
                return false;
        }
    }

    private void AddProduct(Node product, int matrix)
    {
        Node made = Input(product, matrix);
        Node data = Input(product, 1 - matrix);
        long size = made.Shape.Count;
        long multiply = Graph.CostOf(product);
        bool each = made.VariesWithExample;
        long make = each ? MakingCost(made, []) : facts.CostOf(made);
        ProductCost cost = chosen.TryGetValue(product, out ProductCost? other) ? other
            : each ? new ProductCost(ProductForm.MatrixEach, size, make + multiply)
            : new ProductCost(ProductForm.MatrixOnce, 0, multiply, size, make);
        FormulaOfNode formula = new(facts);
        Report(
            new GeneratedProduct(
                formula.Named(product, formula.Product(product, made, data)), formula.Text(made), made.Shape,
                facts.IsStep || (product.Varies & Varies.Time) != 0, cost, size, make + multiply),
            made);
    }

    private void Report(GeneratedProduct product, Node identity)
    {
        products.Add(product);
        if (counted.Add(identity))
        {
            string made = string.Join(
                " ", facts.ParametersOf(identity).Select(parameter => parameter.Name).OrderBy(name => name, StringComparer.Ordinal));
            matrices.Add(new GeneratedMatrix(made + " " + product.Matrix + " " + product.Shape, product.Shape.Count));
        }
    }

    /// <summary>Multiplications that give a matrix of an example its shape; those of the smaller values it is made of are needed in any form.</summary>
    private long MakingCost(Node matrix, HashSet<int> seen)
    {
        if (!seen.Add(matrix.Id))
        {
            return 0;
        }
        long own = WeightFacts.Multiplications(Graph, matrix);
        return own > 0 ? own : matrix.Inputs
            .Select(input => Graph[input]).Where(part => part.VariesWithExample && part.Operation is not Leaf)
            .Sum(part => MakingCost(part, seen));
    }

    /// <summary><c>d ⊙ (W·x)</c> as the user wrote it, with d from a <c>[Hyper]</c> field of the network that has W.</summary>
    private bool TryAddScaledRows(Node node, int scale, int product)
    {
        Node scales = Input(node, scale);
        Node result = Input(node, product);
        if (result.Operation is not Contract || !facts.IsHyper(scales))
        {
            return false;
        }
        int weight = facts.IsShared(Input(result, 0)) ? 0 : 1;
        Node matrix = Input(result, weight);
        Node data = Input(result, 1 - weight);
        if (!facts.IsShared(matrix) || facts.IsHyper(matrix) || matrix.Shape.Rank < 2 || data.Varies == Varies.Nothing
            || !SameOwner(scales, matrix))
        {
            return false;
        }
        FormulaOfNode formula = new(facts);
        long size = matrix.Shape.Count;
        long multiply = Graph.CostOf(result);
        int floats = (scales.Operation is Broadcast ? Input(scales, 0) : scales).Shape.Count;
        Report(
            new GeneratedProduct(
                formula.Named(node, formula.Operand(scales) + " ⊙ (" + formula.Product(result, matrix, data) + ")"),
                formula.Text(matrix) + " with rows scaled by " + formula.Text(scales), matrix.Shape,
                facts.IsStep || (node.Varies & Varies.Time) != 0,
                new ProductCost(ProductForm.ScaledResult, floats, multiply + node.Shape.Count), size, size + multiply),
            node);
        return true;
    }

    /// <summary>Whether a <c>[Hyper]</c> field behind the scales belongs to a network that leads to the matrix's parameters.</summary>
    private bool SameOwner(Node scales, Node matrix)
    {
        string[] owners = facts.ParametersOf(scales).Select(parameter => parameter.HyperOwner).OfType<string>().Distinct().ToArray();
        return facts.ParametersOf(matrix).All(parameter =>
            owners.Any(owner => parameter.Name.StartsWith(owner, StringComparison.Ordinal)));
    }
}

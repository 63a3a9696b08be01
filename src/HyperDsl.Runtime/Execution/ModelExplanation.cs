namespace HyperDsl.Execution;

/// <summary>How a product of data with a generated weight matrix is computed.</summary>
public enum ProductForm
{
    /// <summary>The matrix is the same for all examples, and made once for all of them.</summary>
    MatrixOnce,

    /// <summary>No matrix is made: <c>(diag(d)·W)·x</c> is computed as <c>d ⊙ (W·x)</c> (Ha, Dai and Le 2016, equations 5 and 8).</summary>
    ScaledResult,

    /// <summary>No matrix is made: <c>(W·diag(d))·x</c> is computed as <c>W·(d ⊙ x)</c>.</summary>
    ScaledData,

    /// <summary>No matrix is made: a factor of it is multiplied with the data first, as in <c>Σ z_k (W_k·x)</c>.</summary>
    FactorFirst,

    /// <summary>The matrix is made for every example.</summary>
    MatrixEach,
}

/// <summary>What the compiler did with a model's generated weights. Its text is that of the emitted class's doc comment.</summary>
/// <param name="MainParameters">Trained parameters that are weights of main networks.</param>
/// <param name="HyperParameters">Trained parameters behind fields marked <c>[Hyper]</c>: they make weights.</param>
/// <param name="GeneratedWeights">
/// Elements of all generated weight matrices, those that are never made included; for matrices that differ from example to example or from
/// step to step, of one.
/// </param>
/// <param name="Entries">For each entry point, its products with generated weights.</param>
/// <param name="Text">All of it for a reader.</param>
public sealed record ModelExplanation(
    long MainParameters, long HyperParameters, long GeneratedWeights, IReadOnlyList<EntryExplanation> Entries, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>An entry point's products with generated weights.</summary>
/// <param name="Entry">The method's name.</param>
/// <param name="Products">In the order in which they are computed.</param>
public sealed record EntryExplanation(string Entry, IReadOnlyList<GeneratedProduct> Products);

/// <summary>
/// A product of data with a weight matrix that is computed from parameters. Numbers are for one example, and for one step where there are
/// steps; only multiplications count, with the additions that go with them.
/// </summary>
/// <param name="Product">The product in the names of the source.</param>
/// <param name="Matrix">The matrix in the names of the source.</param>
/// <param name="Shape">Shape of the matrix.</param>
/// <param name="EachStep">Whether the product is one for each step of time.</param>
/// <param name="Form">How it is computed.</param>
/// <param name="Floats">Numbers that stand for the weights: the matrix, a vector of scales, or a partial product.</param>
/// <param name="MultiplyAdds">Multiplications for them and for the product.</param>
/// <param name="SharedFloats">Numbers made once for all examples.</param>
/// <param name="SharedMultiplyAdds">Multiplications for these.</param>
/// <param name="NaiveFloats">Numbers if every example had its matrix made.</param>
/// <param name="NaiveMultiplyAdds">Multiplications if every example had its matrix made.</param>
public sealed record GeneratedProduct(
    string Product,
    string Matrix,
    IReadOnlyList<int> Shape,
    bool EachStep,
    ProductForm Form,
    long Floats,
    long MultiplyAdds,
    long SharedFloats,
    long SharedMultiplyAdds,
    long NaiveFloats,
    long NaiveMultiplyAdds);

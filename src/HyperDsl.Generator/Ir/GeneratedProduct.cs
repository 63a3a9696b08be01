namespace HyperDsl.Generator.Ir;

/// <summary>How a product with a generated weight matrix is computed. Names are those of the runtime's enum.</summary>
internal enum ProductForm
{
    /// <summary>The matrix is the same for all examples, and made once for all of them.</summary>
    MatrixOnce,

    /// <summary>The product with the ungenerated matrix is computed, then its rows are scaled.</summary>
    ScaledResult,

    /// <summary>The data are scaled, then multiplied with the ungenerated matrix.</summary>
    ScaledData,

    /// <summary>A factor of the matrix is multiplied with the data first.</summary>
    FactorFirst,

    /// <summary>The matrix is made for every example.</summary>
    MatrixEach,
}

/// <summary>A form with what it takes.</summary>
/// <param name="Form">The form.</param>
/// <param name="Floats">Numbers of an example that stand for the weights: a matrix, a vector of scales, or a partial product.</param>
/// <param name="MultiplyAdds">Multiplications for an example: those that make the weights, and the product.</param>
/// <param name="SharedFloats">Numbers that are made once for all examples.</param>
/// <param name="SharedMultiplyAdds">Multiplications for these.</param>
internal sealed record ProductCost(
    ProductForm Form, long Floats, long MultiplyAdds, long SharedFloats = 0, long SharedMultiplyAdds = 0);

/// <summary>A product of data with a weight matrix that is computed from parameters.</summary>
/// <param name="Product">The product, in the user's names.</param>
/// <param name="Matrix">The matrix, in the user's names.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="EachStep">Whether the product is one for each step of time.</param>
/// <param name="Chosen">The form that was chosen, or written by the user, with its cost.</param>
/// <param name="NaiveFloats">Numbers of an example if the matrix were made for every one.</param>
/// <param name="NaiveMultiplyAdds">Multiplications for an example if the matrix were made for every one.</param>
internal sealed record GeneratedProduct(
    string Product, string Matrix, Shape Shape, bool EachStep, ProductCost Chosen, long NaiveFloats, long NaiveMultiplyAdds);

/// <summary>A generated matrix.</summary>
/// <param name="Key">What it is made of, so that it is known again in another entry.</param>
/// <param name="Elements">How many weights it holds.</param>
internal sealed record GeneratedMatrix(string Key, long Elements);

/// <summary>What is said of an entry.</summary>
/// <param name="Entry">Its name.</param>
/// <param name="Products">Its products with generated weights.</param>
/// <param name="Matrices">The generated matrices, each once however many products read it.</param>
internal sealed record EntryExplanation(
    string Entry, EquatableArray<GeneratedProduct> Products, EquatableArray<GeneratedMatrix> Matrices);

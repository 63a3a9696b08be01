using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>A table with a learned vector for each class.</summary>
[Network]
public sealed partial class Embedding
{
    private readonly Weight table;

    /// <param name="count">The number of classes.</param>
    /// <param name="width">Length of a vector.</param>
    /// <param name="init">How the table [count, width] begins; standard normal when not given.</param>
    public Embedding(int count, int width, Initialiser? init = null) =>
        table = new Weight(count, width) { Init = init ?? Initialiser.Normal() };

    /// <param name="index">The class.</param>
    /// <returns>[width].</returns>
    /// <exception cref="TensorShapeException">The label has another number of classes.</exception>
    public Tensor Call(Label index) => Gather(table, index);

    /// <summary>The vector of a class that is known at compile time.</summary>
    /// <param name="index">The class.</param>
    /// <returns>[width].</returns>
    /// <exception cref="TensorShapeException">There is no such class.</exception>
    public Tensor Row(int index) => table[index];
}

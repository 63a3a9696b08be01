namespace HyperDsl.Gpu;

/// <summary>One of several products that are launched together and add up rows.</summary>
/// <param name="tiles">Groups of threads of one part.</param>
/// <param name="inner">Length of the axis that is summed over.</param>
/// <param name="elements">Elements of the result.</param>
public readonly struct ProductSum(int tiles, int inner, int elements)
{
    /// <summary>Groups of threads of one part.</summary>
    public int Tiles { get; } = tiles;

    /// <summary>Length of the axis that is summed over.</summary>
    public int Inner { get; } = inner;

    /// <summary>Elements of the result.</summary>
    public int Elements { get; } = elements;
}

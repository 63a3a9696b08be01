namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>Everything a random program can do next.</summary>
public static partial class ProgramTemplates
{
    /// <summary>All templates; the frequent ones stand more than once.</summary>
    public static IReadOnlyList<Action<ProgramBuilder>> All { get; } =
    [
        Unary, Unary, Unary, Binary, Binary, Binary, WithWeight, WithWeight, Selection, Scalar,
        Sum, Mean, Max, Softmax, LogSumExp, LayerNorm,
        DotWeight, DotWeight, DotVectors, Einsum, MatMul, DiagonalTimesMatrix, GeneratedMatrix,
        Reshape, Transpose, Slice, Index, Concat, Stack, Pad, Broadcast, Gather, OneHot,
        Convolve, Convolve, ConvolveOwnKernel, MaxPool, AveragePool,
    ];

    private static string Literal(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Literal(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static string List(IEnumerable<int> values) => string.Join(", ", values.Select(Literal));
}

namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>The greatest element over some axes; equal ones share the gradient equally.</summary>
    /// <param name="x">What is searched.</param>
    /// <param name="axes">Axes; negative ones count from the end; <c>null</c> for all.</param>
    /// <param name="keep">Whether the axes stay, with size 1.</param>
    /// <exception cref="TensorShapeException">An axis does not exist or is named twice.</exception>
    [Primitive("max")]
    public static Tensor Max(Tensor x, int[]? axes = null, bool keep = false) =>
        Reduce("Max", x, axes, keep, double.NegativeInfinity, Math.Max);
}

namespace HyperDsl;

/// <summary>The operations of the language; write <c>using static HyperDsl.TensorMath;</c>.</summary>
[HyperLibrary]
public static partial class TensorMath
{
    /// <summary>A tensor with all elements the same.</summary>
    /// <param name="value">The element.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    /// <exception cref="TensorShapeException">A size is below 1.</exception>
    [Primitive("full")]
    public static Tensor Full(double value, params int[] shape)
    {
        ShapeRules.CheckSizes("a full tensor", shape);
        double[] values = new double[ShapeRules.Count(shape)];
        Array.Fill(values, value);
        return new Tensor((int[])shape.Clone(), null, values);
    }
}

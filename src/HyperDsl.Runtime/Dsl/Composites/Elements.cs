namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="TensorShapeException">A size is below 1.</exception>
    public static Tensor Zeros(params int[] shape) => Full(0, shape);

    /// <summary>A tensor of ones.</summary>
    /// <exception cref="TensorShapeException">A size is below 1.</exception>
    public static Tensor Ones(params int[] shape) => Full(1, shape);

    /// <summary>The square of each element.</summary>
    public static Tensor Square(Tensor x) => x * x;

    /// <summary>1 divided by each element.</summary>
    public static Tensor Reciprocal(Tensor x) => 1.0 / x;

    /// <summary>Each element, moved into the interval from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static Tensor Clip(Tensor x, double low, double high) => Minimum(Maximum(x, low), high);

    /// <summary>1 where the left element is less than the right one, else 0; no gradient.</summary>
    public static Tensor Less(Tensor a, Tensor b) => a < b;

    /// <summary>1 where the left element is less than or equal to the right one, else 0; no gradient.</summary>
    public static Tensor LessOrEqual(Tensor a, Tensor b) => a <= b;

    /// <summary>1 where the left element is greater than the right one, else 0; no gradient.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => a > b;

    /// <summary>1 where the left element is greater than or equal to the right one, else 0; no gradient.</summary>
    public static Tensor GreaterOrEqual(Tensor a, Tensor b) => a >= b;

    /// <summary>1 where two elements differ, else 0; no gradient.</summary>
    public static Tensor NotEqual(Tensor a, Tensor b) => 1.0 - Equal(a, b);
}

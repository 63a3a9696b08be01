namespace HyperDsl;

/// <content>Operators; all broadcast as NumPy does, aligned at the last axis.</content>
public partial class Tensor
{
    /// <summary>The sum of each pair of elements.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("add")]
    public static Tensor operator +(Tensor a, Tensor b) => Lifting.Elementwise("+", a, b, (x, y) => x + y);

    /// <summary>The difference of each pair of elements.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("subtract")]
    public static Tensor operator -(Tensor a, Tensor b) => Lifting.Elementwise("-", a, b, (x, y) => x - y);

    /// <summary>The product of each pair of elements; for the matrix product see <c>Dot</c>.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("multiply")]
    public static Tensor operator *(Tensor a, Tensor b) => Lifting.Elementwise("*", a, b, (x, y) => x * y);

    /// <summary>The quotient of each pair of elements.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("divide")]
    public static Tensor operator /(Tensor a, Tensor b) => Lifting.Elementwise("/", a, b, (x, y) => x / y);

    /// <summary>The negative of each element.</summary>
    [Primitive("negate")]
    public static Tensor operator -(Tensor x) => Lifting.Elementwise(x, value => -value);

    /// <summary>1 where the left element is less than the right one, else 0; no gradient.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("less")]
    public static Tensor operator <(Tensor a, Tensor b) => Lifting.Elementwise("<", a, b, (x, y) => x < y ? 1 : 0);

    /// <summary>1 where the left element is less than or equal to the right one, else 0; no gradient.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("lessOrEqual")]
    public static Tensor operator <=(Tensor a, Tensor b) => Lifting.Elementwise("<=", a, b, (x, y) => x <= y ? 1 : 0);

    /// <summary>1 where the left element is greater than the right one, else 0; no gradient.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("greater")]
    public static Tensor operator >(Tensor a, Tensor b) => Lifting.Elementwise(">", a, b, (x, y) => x > y ? 1 : 0);

    /// <summary>1 where the left element is greater than or equal to the right one, else 0; no gradient.</summary>
    /// <exception cref="TensorShapeException">Two sizes differ and neither is 1.</exception>
    [Primitive("greaterOrEqual")]
    public static Tensor operator >=(Tensor a, Tensor b) => Lifting.Elementwise(">=", a, b, (x, y) => x >= y ? 1 : 0);
}

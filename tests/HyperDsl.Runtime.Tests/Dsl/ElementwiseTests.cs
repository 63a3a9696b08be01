using static HyperDsl.TensorMath;

namespace HyperDsl.Tests.Dsl;

public sealed class ElementwiseTests
{
    private static readonly double[] Numbers = [-2.5, -1, -0.25, 0, 0.5, 1, 3];

    public static TheoryData<string> UnaryNames => [.. Unary.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Operation, Func<double, double> Formula)> Unary = new()
    {
        ["negate"] = (x => -x, v => 0 - v),
        ["abs"] = (Abs, v => v < 0 ? -v : v),
        ["sign"] = (Sign, v => Math.Sign(v)),
        ["exp"] = (Exp, v => 1 / Math.Pow(Math.E, -v)),
        ["log"] = (x => Log(Abs(x) + 1.0), v => Math.Log2(Math.Abs(v) + 1) * Math.Log(2)),
        ["sqrt"] = (x => Sqrt(Abs(x)), v => Math.Pow(Math.Abs(v), 0.5)),
        ["sin"] = (Sin, v => Math.Cos((Math.PI / 2) - v)),
        ["cos"] = (Cos, v => Math.Sin((Math.PI / 2) - v)),
        ["tanh"] = (Tanh, v => (Math.Exp(2 * v) - 1) / (Math.Exp(2 * v) + 1)),
        ["sigmoid"] = (Sigmoid, v => 0.5 * (1 + Math.Tanh(v / 2))),
        ["relu"] = (Relu, v => (v + Math.Abs(v)) / 2),
        ["softplus"] = (Softplus, v => Math.Log(1 + Math.Exp(v))),
        ["power"] = (x => Power(x, 3), v => v * v * v),
        ["square"] = (Square, v => Math.Pow(v, 2)),
        ["reciprocal"] = (x => Reciprocal(x + 4.0), v => Math.Pow(v + 4, -1)),
        ["clip"] = (x => Clip(x, -1, 0.75), v => Math.Clamp(v, -1, 0.75)),
    };

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void A_function_acts_on_each_element(string name)
    {
        Tensor result = Unary[name].Operation(Tensor.Of(Numbers, Numbers.Length));

        TensorAssert.Close([.. Numbers.Select(Unary[name].Formula)], result, roundings: 4);
    }

    [Fact]
    public void Arithmetic_on_literal_values()
    {
        Tensor a = Tensor.Of([1, 2, 3, 4], 2, 2);
        Tensor b = Tensor.Of([8, 4, -2, 0.5], 2, 2);

        Assert.Equal([9, 6, 1, 4.5], (a + b).ToArray());
        Assert.Equal([-7, -2, 5, 3.5], (a - b).ToArray());
        Assert.Equal([8, 8, -6, 2], (a * b).ToArray());
        Assert.Equal([0.125, 0.5, -1.5, 8], (a / b).ToArray());
        Assert.Equal([1, 2, -2, 0.5], Minimum(a, b).ToArray());
        Assert.Equal([8, 4, 3, 4], Maximum(a, b).ToArray());
    }

    [Fact]
    public void Comparisons_give_one_or_zero()
    {
        Tensor a = Tensor.Of([1, 2, 3], 3);
        Tensor b = Tensor.Of([2, 2, 2], 3);

        Assert.Equal([1, 0, 0], (a < b).ToArray());
        Assert.Equal([1, 1, 0], (a <= b).ToArray());
        Assert.Equal([0, 0, 1], (a > b).ToArray());
        Assert.Equal([0, 1, 1], (a >= b).ToArray());
        Assert.Equal([0, 1, 0], Equal(a, b).ToArray());
        Assert.Equal([1, 0, 1], NotEqual(a, b).ToArray());
        Assert.Equal((a < b).ToArray(), Less(a, b).ToArray());
        Assert.Equal((a <= b).ToArray(), LessOrEqual(a, b).ToArray());
        Assert.Equal((a > b).ToArray(), Greater(a, b).ToArray());
        Assert.Equal((a >= b).ToArray(), GreaterOrEqual(a, b).ToArray());
        Assert.Equal([2, 20, 20], Select(Equal(a, 1.0), b, b * 10.0).ToArray());
    }

    [Fact]
    public void Operands_are_repeated_from_the_last_axis()
    {
        Tensor column = Tensor.Of([10, 20], 2, 1);
        Tensor row = Tensor.Of([1, 2, 3], 3);

        Tensor sum = column + row;

        TensorAssert.Shape(sum, 2, 3);
        Assert.Equal([11, 12, 13, 21, 22, 23], sum.ToArray());
        Assert.Equal(sum.ToArray(), (Broadcast(column, 2, 3) + Broadcast(row, 2, 3)).ToArray());
        Assert.Equal([10, 10, 10, 20, 20, 20, 10, 10, 10, 20, 20, 20], Broadcast(column, 2, 2, 3).ToArray());
        Assert.Equal([1, 10, 3, 1, 20, 3], Select(Tensor.Of([1, 0, 1], 3), row, column).ToArray());
    }

    [Fact]
    public void Numbers_convert_to_scalars()
    {
        Tensor three = 3;
        Tensor half = 0.5f;

        TensorAssert.Shape(three * half);
        Assert.Equal(1.5, (three * half).ToDouble());
    }

    [Fact]
    public void Softplus_keeps_its_digits_far_from_zero()
    {
        Tensor result = Softplus(Tensor.Of([-40, -700, 40, 1000], 4));

        double[] values = result.ToArray();
        Assert.Equal(1, values[0] / Math.Exp(-40), 12);
        Assert.Equal(1, values[1] / Math.Exp(-700), 12);
        Assert.Equal([40, 1000], values[2..]);
    }

    [Fact]
    public void Sigmoid_does_not_overflow() => Assert.Equal([0, 1], Sigmoid(Tensor.Of([-1000, 1000], 2)).ToArray());

    [Fact]
    public void Constants_fill_their_shape()
    {
        Assert.Equal([7, 7, 7, 7], Full(7, 2, 2).ToArray());
        Assert.Equal([0, 0], Zeros(2).ToArray());
        Assert.Equal([1, 1, 1], Ones(3, 1).ToArray());
        Assert.Equal(0, Zeros().ToDouble());
    }
}

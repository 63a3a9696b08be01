using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// <c>x^Exponent</c>. Whole exponents become products (by squaring), so negative bases work; other exponents give NaN for
/// negative bases, as in IEEE 754 <c>pow</c>.
/// </summary>
internal sealed record Power(double Exponent) : Elementwise
{
    /// <summary>
    /// The largest whole exponent written as products; beyond it <c>pow</c> is 0, 1 or infinite for nearly all bases.
    /// </summary>
    private const int LargestWhole = 1 << 20;

    public override string Name => "power";

    public override int Cycles => 24;

    public override string Attributes => "exponent=" + Literal.Exact(Exponent);

    public override int Arity => 1;

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + "^" + Literal.Exact(Exponent);

    public override Binding Binding => Binding.Power;

    public override string Vector(IReadOnlyList<string> operands, bool single) => Exponent switch
    {
        1.5 => $"{operands[0]} * Vector512.Sqrt({operands[0]})",
        -0.5 => $"{One(single)} / Vector512.Sqrt({operands[0]})",
        -1.5 => $"{One(single)} / ({operands[0]} * Vector512.Sqrt({operands[0]}))",
        _ => $"VectorMath.Exp(VectorMath.Log({operands[0]}) * Vector512.Create({Number(Exponent, single)}))",
    };

    public override string Scalar(IReadOnlyList<string> operands, bool single) => Exponent switch
    {
        1.5 => $"{operands[0]} * {Real(single)}.Sqrt({operands[0]})",
        -0.5 => $"{Number(1, single)} / {Real(single)}.Sqrt({operands[0]})",
        -1.5 => $"{Number(1, single)} / ({operands[0]} * {Real(single)}.Sqrt({operands[0]}))",
        _ => $"VectorMath.Exp(VectorMath.Log({operands[0]}) * {Number(Exponent, single)})",
    };

    public override double Evaluate(IReadOnlyList<double> operands) => Math.Pow(operands[0], Exponent);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value slope = graph.Scale(graph.Add(new Power(Exponent - 1), node.Input(0)), Exponent);
        return [graph.Times(gradient, slope)];
    }

    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        Value x = inputs[0].Value;
        if (Exponent == 0.5)
        {
            return graph.Add(new Sqrt(), x);
        }
        if (Math.Abs(Exponent) > LargestWhole || Exponent != Math.Floor(Exponent))
        {
            return null;
        }
        Value product = Whole(graph, x, (int)Math.Abs(Exponent));
        return Exponent < 0 ? graph.Over(graph.Full(1, shape), product) : product;
    }

    private static Value Whole(GraphBuilder graph, Value x, int exponent)
    {
        Value product = graph.Like(1, x);
        for (Value square = x; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                product = graph.Times(product, square);
            }
            if (exponent > 1)
            {
                square = graph.Times(square, square);
            }
        }
        return product;
    }
}

/// <summary>The language's <c>Power(x, exponent)</c>.</summary>
internal sealed class PowerPrimitive : Primitive
{
    public override string Name => "power";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(new Power(arguments.Real(1)), arguments.Tensor(0));
}

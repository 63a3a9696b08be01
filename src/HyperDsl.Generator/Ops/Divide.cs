using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>a / b</c>.</summary>
internal sealed record Divide : BinaryElementwise
{
    public override string Name => "divide";

    public override int Cycles => 8;

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " / " + operands[1];

    public override Binding Binding => Binding.Product;

    protected override string Vector(string a, string b, bool single) => $"{a} / {b}";

    protected override string Scalar(string a, string b, bool single) => $"{a} / {b}";

    protected override double Evaluate(double a, double b) => a / b;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value quotient = graph.Over(gradient, node.Input(1));
        return [quotient, graph.Negative(graph.Times(quotient, node.Value))];
    }

    /// <summary>
    /// <c>x / c = x · (1 / c)</c>, one rounding more and many times faster, also where each <c>c</c> divides several elements: the deviation
    /// of a normalised row, the sum of a softmax. <c>0 / x</c> is 0 also where <c>x</c> is 0 or NaN, for the reason given at
    /// <see cref="Multiply"/>.
    /// </summary>
    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        if (graph.ConstantOf(inputs[0].Value) is 0)
        {
            return graph.Full(0, shape);
        }
        if (inputs[1].Operation is Broadcast && inputs[0].Operation is not Broadcast
            && graph[inputs[1].Input(0)].Shape.Count < shape.Count && graph.ConstantOf(inputs[1].Value) is null)
        {
            Value divisor = inputs[1].Input(0);
            return graph.Times(inputs[0].Value, graph.Add(new Broadcast(shape), graph.Over(graph.Like(1, divisor), divisor)));
        }
        // Within these bounds neither the divisor nor its reciprocal is subnormal or infinite in single precision.
        return graph.ConstantOf(inputs[1].Value) is double number && Math.Abs(number) is > 1.2e-38 and < 8e37
            ? graph.Scale(inputs[0].Value, 1 / number)
            : null;
    }
}

/// <summary>The language's <c>a / b</c>.</summary>
internal sealed class DividePrimitive : BinaryPrimitive<Divide>
{
    protected override string Spelling => "/";
}

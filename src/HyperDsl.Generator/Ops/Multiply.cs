using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>a · b</c>.</summary>
internal sealed record Multiply : BinaryElementwise
{
    public override string Name => "multiply";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " * " + operands[1];

    public override Binding Binding => Binding.Product;

    protected override string Vector(string a, string b, bool single) => $"{a} * {b}";

    protected override string Scalar(string a, string b, bool single) => $"{a} * {b}";

    protected override double Evaluate(double a, double b) => a * b;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        [graph.Times(gradient, node.Input(1)), graph.Times(gradient, node.Input(0))];

    /// <summary>
    /// A constant goes right; <c>x · 1 = x</c>, <c>x · -1 = -x</c>, <c>(x · c) · d = x · (c · d)</c>. <c>x · 0</c> is 0 also
    /// where <c>x</c> is infinite or NaN: a zero the compiler knows means that the term is absent, and gradients rely on it.
    /// </summary>
    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        (Value a, Value b) = (inputs[0].Value, inputs[1].Value);
        if (graph.ConstantOf(b) is not double number)
        {
            return graph.ConstantOf(a) is not null ? graph.Times(b, a) : null;
        }
        switch (number)
        {
            case 0: return graph.Full(0, shape);
            case 1: return a;
            case -1: return graph.Negative(a);
        }
        return inputs[0].Operation is Negate ? graph.Scale(inputs[0].Input(0), -number)
            : inputs[0].Operation is Multiply && graph.ConstantOf(inputs[0].Input(1)) is double factor
                ? graph.Scale(inputs[0].Input(0), factor * number)
            : null;
    }
}

/// <summary>The language's <c>a * b</c>.</summary>
internal sealed class MultiplyPrimitive : BinaryPrimitive<Multiply>
{
    protected override string Spelling => "*";
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>a + b</c>.</summary>
internal sealed record Add : BinaryElementwise
{
    public override string Name => "add";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " + " + operands[1];

    public override Binding Binding => Binding.Sum;

    protected override string Vector(string a, string b, bool single) => $"{a} + {b}";

    protected override string Scalar(string a, string b, bool single) => $"{a} + {b}";

    protected override double Evaluate(double a, double b) => a + b;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [gradient, gradient];

    /// <summary><c>x + 0 = x</c> (a negative zero may keep its sign); a constant goes right; <c>a + -b = a - b</c>.</summary>
    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        (Value a, Value b) = (inputs[0].Value, inputs[1].Value);
        if (graph.ConstantOf(b) is double number)
        {
            return number == 0 ? a : null;
        }
        return graph.ConstantOf(a) is not null ? graph.Plus(b, a)
            : inputs[1].Operation is Negate ? graph.Minus(a, inputs[1].Input(0))
            : inputs[0].Operation is Negate ? graph.Minus(b, inputs[0].Input(0))
            : null;
    }
}

/// <summary>The language's <c>a + b</c>.</summary>
internal sealed class AddPrimitive : BinaryPrimitive<Add>
{
    protected override string Spelling => "+";
}

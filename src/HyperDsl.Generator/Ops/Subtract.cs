using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>a - b</c>.</summary>
internal sealed record Subtract : BinaryElementwise
{
    public override string Name => "subtract";

    public override string Formula(IReadOnlyList<string> operands) => operands[0] + " - " + operands[1];

    public override Binding Binding => Binding.Sum;

    protected override string Vector(string a, string b, bool single) => $"{a} - {b}";

    protected override string Scalar(string a, string b, bool single) => $"{a} - {b}";

    protected override double Evaluate(double a, double b) => a - b;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [gradient, graph.Negative(gradient)];

    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        (Value a, Value b) = (inputs[0].Value, inputs[1].Value);
        return graph.ConstantOf(b) is 0 ? a
            : graph.ConstantOf(a) is 0 ? graph.Negative(b)
            : inputs[1].Operation is Negate ? graph.Plus(a, inputs[1].Input(0))
            : null;
    }
}

/// <summary>The language's <c>a - b</c>.</summary>
internal sealed class SubtractPrimitive : BinaryPrimitive<Subtract>
{
    protected override string Spelling => "-";
}

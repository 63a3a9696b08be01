using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>-x</c>.</summary>
internal sealed record Negate : UnaryElementwise
{
    public override string Name => "negate";

    public override string Formula(IReadOnlyList<string> operands) => "-" + operands[0];

    public override Binding Binding => Binding.Sign;

    protected override string Vector(string x, bool single) => $"-{x}";

    protected override string Scalar(string x, bool single) => $"-{x}";

    protected override double Evaluate(double x) => -x;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [graph.Negative(gradient)];

    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs[0].Operation switch
        {
            Negate => inputs[0].Input(0),
            Subtract => graph.Minus(inputs[0].Input(1), inputs[0].Input(0)),
            _ => null,
        };
}

/// <summary>The language's operator <c>-x</c>.</summary>
internal sealed class NegatePrimitive : UnaryPrimitive<Negate>;

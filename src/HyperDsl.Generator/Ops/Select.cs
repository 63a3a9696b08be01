using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// <c>condition ≠ 0 ? whenTrue : whenFalse</c>, element by element. NaN counts as true. The condition has no gradient.
/// </summary>
internal sealed record Select : Elementwise
{
    public override string Name => "select";

    public override int Arity => 3;

    public override string Formula(IReadOnlyList<string> operands) =>
        operands[0] + " ? " + operands[1] + " : " + operands[2];

    public override Binding Binding => Binding.Choice;

    public override string Vector(IReadOnlyList<string> operands, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.Equals({operands[0]}, {Zero(single)}), {operands[2]}, {operands[1]})";

    public override string Scalar(IReadOnlyList<string> operands, bool single) =>
        $"{operands[0]} != 0 ? {operands[1]} : {operands[2]}";

    public override double Evaluate(IReadOnlyList<double> operands) => operands[0] != 0 ? operands[1] : operands[2];

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value zero = graph.Like(0, gradient);
        return [
            null,
            graph.Choose(node.Input(0), gradient, zero),
            graph.Choose(node.Input(0), zero, gradient)];
    }

    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs[1].Id == inputs[2].Id ? inputs[1].Value
        : graph.ConstantOf(inputs[0].Value) is double condition ? inputs[condition != 0 ? 1 : 2].Value
        : null;
}

/// <summary>The language's <c>Select(condition, whenTrue, whenFalse)</c>.</summary>
internal sealed class SelectPrimitive : Primitive
{
    public override string Name => "select";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) => graph.Add(
        new Select(),
        Broadcasting.Align(graph, "Select", arguments.Tensor(0), arguments.Tensor(1), arguments.Tensor(2)));
}

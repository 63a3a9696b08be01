using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The smaller of two numbers; NaN if either is. Equal operands share the gradient.</summary>
internal sealed record Minimum : BinaryElementwise
{
    public override string Name => "minimum";

    protected override string Vector(string a, string b, bool single) => $"VectorMath.Minimum({a}, {b})";

    protected override string Scalar(string a, string b, bool single) => $"VectorMath.Minimum({a}, {b})";

    protected override double Evaluate(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Min(a, b);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        (Value a, Value b) = (node.Input(0), node.Input(1));
        Value zero = graph.Like(0, gradient);
        Value half = graph.Scale(gradient, 0.5);
        Value tie = graph.Add(new Equal(), a, b);
        Value first = graph.Add(new Less(), a, b);
        Value second = graph.Add(new Less(), b, a);
        return [
            graph.Choose(tie, half, graph.Choose(first, gradient, zero)),
            graph.Choose(tie, half, graph.Choose(second, gradient, zero))];
    }

    protected override Value? SimplifyFurther(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        inputs[0].Id == inputs[1].Id ? inputs[0].Value : null;
}

/// <summary>The language's <c>Minimum(a, b)</c>.</summary>
internal sealed class MinimumPrimitive : BinaryPrimitive<Minimum>
{
    protected override string Spelling => "Minimum";
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary><c>max(x, 0)</c>, NaN stays NaN; its derivative at 0 is taken as 0.</summary>
internal sealed record Relu : UnaryElementwise
{
    public override string Name => "relu";

    protected override string Vector(string x, bool single) =>
        $"Vector512.ConditionalSelect(Vector512.LessThan({x}, {Zero(single)}), {Zero(single)}, {x})";

    protected override string Scalar(string x, bool single) => $"{x} < 0 ? {Number(0, single)} : {x}";

    protected override double Evaluate(double x) => x < 0 ? 0 : x;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient)
    {
        Value zero = graph.Like(0, node.Value);
        return [graph.Choose(graph.Add(new Less(), zero, node.Value), gradient, zero)];
    }
}

/// <summary>The language's <c>Relu(x)</c>.</summary>
internal sealed class ReluPrimitive : UnaryPrimitive<Relu>;

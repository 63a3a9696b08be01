using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The same value, through which no gradient passes.</summary>
internal sealed record Detach : Operation
{
    public override string Name => "detach";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [null];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

/// <summary>The language's <c>Detach(x)</c>.</summary>
internal sealed class DetachPrimitive : UnaryPrimitive<Detach>;

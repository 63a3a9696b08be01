using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>A value that does not vary with time, taken as one that does: every step has the same. It costs nothing.</summary>
internal sealed record EachStep : Operation
{
    public override string Name => "eachStep";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override ElementKind InferKind(IReadOnlyList<Node> inputs) => inputs[0].Kind;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => inputs[0].Varies | Varies.Example | Varies.Time;

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        (inputs[0].Varies & Varies.Time) != 0 ? inputs[0].Value : null;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [gradient];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The sum over the steps of time; each example keeps its own.</summary>
internal sealed record SumOverSteps : Operation
{
    public override string Name => "sumOverSteps";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => inputs[0].Varies & ~Varies.Time;

    /// <summary>A value that is the same at every step is counted once for each.</summary>
    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) =>
        (inputs[0].Varies & Varies.Time) != 0
            ? null
            : graph.Times(inputs[0].Value, graph.Add(new Broadcast(shape), graph.Add(new StepCount())));

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [gradient];
}

/// <summary>The language's <c>SumOverSteps(x)</c>.</summary>
internal sealed class SumOverStepsPrimitive : Primitive
{
    public override string Name => "sumOverSteps";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) =>
        graph.Add(new SumOverSteps(), arguments.Tensor(0));
}

/// <summary>The language's <c>StepCount()</c>.</summary>
internal sealed class StepCountPrimitive : Primitive
{
    public override string Name => "stepCount";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) => graph.Add(new StepCount());
}

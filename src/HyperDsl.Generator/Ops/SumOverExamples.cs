using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// The sum over the examples of the batch, and over their steps where the value varies with time: the only way from one
/// example to another.
/// </summary>
internal sealed record SumOverExamples : Operation
{
    public override string Name => "sumOverExamples";

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) => inputs[0].Shape;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => inputs[0].Varies & ~(Varies.Example | Varies.Time);

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape)
    {
        if (!inputs[0].VariesWithExample)
        {
            Value count = graph.Add(new Broadcast(shape), graph.Add(new ExampleCount()));
            return graph.Times(inputs[0].Value, count);
        }
        return inputs[0].Operation is Broadcast
            ? graph.Add(new Broadcast(shape), graph.Add(this, inputs[0].Input(0)))
            : null;
    }

    /// <summary>Every example adds its own value, so each gets the gradient as it is.</summary>
    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [gradient];
}

/// <summary>
/// The language's <c>SumOverExamples(x)</c>. It refuses what varies with time: with the steps added up, a mean over the examples
/// would be as many times too large as there are steps.
/// </summary>
internal sealed class SumOverExamplesPrimitive : Primitive
{
    public override string Name => "sumOverExamples";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments)
    {
        Value x = arguments.Tensor(0);
        if ((graph[x].Varies & Varies.Time) != 0)
        {
            throw new ShapeException(
                "'SumOverExamples', and so 'BatchMean', 'BatchVariance' and 'BatchNorm', adds up one value of each example, but got "
                + $"one of shape {graph[x].Shape} that varies with time. Average first: BatchMean(MeanOverSteps(x)).");
        }
        return graph.Add(new SumOverExamples(), x);
    }
}

/// <summary>The language's <c>ExampleCount()</c>.</summary>
internal sealed class ExampleCountPrimitive : Primitive
{
    public override string Name => "exampleCount";

    public override Value Apply(GraphBuilder graph, PrimitiveArguments arguments) => graph.Add(new ExampleCount());
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>
/// Runs a graph once a time step, from the first to the last. Inputs: initial states, sequences (values that vary with time),
/// captured values (the same at every step). The body's leaves are <see cref="BlockArgument"/>s in the same order; its results
/// are the new states, then the outputs. The node itself has no value; <see cref="ScanResult"/> reads final states and outputs.
/// </summary>
/// <param name="States">How many states are carried from step to step.</param>
/// <param name="Sequences">How many sequences are read.</param>
/// <param name="Body">One step.</param>
/// <param name="FromLast">Whether steps run from the last to the first, as the backward pass does.</param>
internal sealed record Scan(int States, int Sequences, Graph Body, bool FromLast = false) : Operation
{
    public override string Name => "scan";

    public override string Attributes =>
        "states=" + Literal.Integer(States) + " sequences=" + Literal.Integer(Sequences) + (FromLast ? " fromLast" : "");

    /// <exception cref="ShapeException">Inputs, block arguments and results do not match one another.</exception>
    public override Shape InferShape(IReadOnlyList<Node> inputs)
    {
        if (inputs.Count < States + Sequences || Body.Results.Count < States)
        {
            throw new ShapeException(
                $"'Scan' with {States} states and {Sequences} sequences got {inputs.Count} inputs, and its body has "
                + $"{Body.Results.Count} results.");
        }
        foreach (Node node in Body.Nodes)
        {
            if (node.Operation is BlockArgument argument)
            {
                CheckArgument(argument, inputs);
            }
        }
        for (int state = 0; state < States; state++)
        {
            Shape next = Body[Body.Results[state].Node].Shape;
            if (next != inputs[state].Shape)
            {
                throw new ShapeException(
                    $"'Scan' carries state {state} of shape {inputs[state].Shape}, but a step makes it {next}; it must keep "
                    + "its shape.");
            }
        }
        CheckStatesVary();
        return Shape.Scalar;
    }

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => base.InferVaries(inputs) | Varies.Time;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => throw new InvalidOperationException(
        "'scan' is part of the graph language only: it is neither differentiated nor compiled.");

    public override long Cost(IReadOnlyList<Node> inputs, Node node) =>
        Body.Nodes.Sum(step => step.Operation.Cost(Body.InputsOf(step), step));

    /// <summary>A state that a step makes vary with the example must be read as varying with it.</summary>
    private void CheckStatesVary()
    {
        foreach (Node node in Body.Nodes)
        {
            if (node.Operation is BlockArgument argument && argument.Index < States
                && Body[Body.Results[argument.Index].Node].Varies is var next && (next & ~argument.Changes) != 0)
            {
                throw new ShapeException(
                    $"'Scan' makes state {argument.Index} vary with {next}, but its body takes it to vary with "
                    + $"{argument.Changes}.");
            }
        }
    }

    private void CheckArgument(BlockArgument argument, IReadOnlyList<Node> inputs)
    {
        if (argument.Index < 0 || argument.Index >= inputs.Count)
        {
            throw new ShapeException($"'Scan' has {inputs.Count} inputs, but its body reads argument {argument.Index}.");
        }
        Node input = inputs[argument.Index];
        if (argument.Sizes != input.Shape)
        {
            throw new ShapeException(
                $"'Scan' is given {input.Shape} as argument {argument.Index}, but its body reads {argument.Sizes}.");
        }
        bool sequence = argument.Index >= States && argument.Index < States + Sequences;
        if (sequence && (input.Varies & Varies.Time) == 0)
        {
            throw new ShapeException($"'Scan' reads argument {argument.Index} step by step, but it does not vary with time.");
        }
        Varies given = sequence ? input.Varies & ~Varies.Time : input.Varies;
        if ((given & ~argument.Changes) != 0)
        {
            throw new ShapeException(
                $"'Scan' is given argument {argument.Index}, which varies with {given}, but its body takes it to "
                + $"vary with {argument.Changes}.");
        }
    }
}

/// <summary>One of the values of a <see cref="Scan"/>, its input: a final state, or an output of every step.</summary>
/// <param name="Index">Place among the results of the body.</param>
internal sealed record ScanResult(int Index) : Operation
{
    public override string Name => "scanResult";

    public override string Attributes => "index=" + Literal.Integer(Index);

    public override int InputCount => 1;

    public override Shape InferShape(IReadOnlyList<Node> inputs) =>
        inputs[0].Operation is Scan scan && Index >= 0 && Index < scan.Body.Results.Count
            ? scan.Body[scan.Body.Results[Index].Node].Shape
            : throw new ShapeException(
                $"'ScanResult' reads result {Index} of '{inputs[0].Operation.Name}', which has none such.");

    /// <summary>A final state is one value; an output has one for each step.</summary>
    public override Varies InferVaries(IReadOnlyList<Node> inputs) =>
        inputs[0].Operation is Scan scan && Index < scan.States ? inputs[0].Varies & ~Varies.Time : inputs[0].Varies;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => throw new InvalidOperationException(
        "'scanResult' is part of the graph language only: it is neither differentiated nor compiled.");

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

/// <summary>An argument of the body of a <see cref="Scan"/>.</summary>
/// <param name="Index">Place among the inputs of the scan.</param>
/// <param name="Sizes">Its shape.</param>
/// <param name="Changes">What it varies with inside the body.</param>
internal sealed record BlockArgument(int Index, Shape Sizes, Varies Changes) : Leaf
{
    public override string Name => "blockArgument";

    public override string Attributes => "index=" + Literal.Integer(Index);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Changes;
}

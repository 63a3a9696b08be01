using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Builds small recurrent networks as graphs.</summary>
internal sealed class Net
{
    private int weights;

    /// <summary>One step of a scan.</summary>
    /// <param name="graph">The body.</param>
    /// <param name="states">States as the step finds them.</param>
    /// <param name="input">The sequence at the step.</param>
    /// <param name="captured">Values from outside.</param>
    /// <returns>New states, and the output.</returns>
    public delegate (Value[] States, Value Output) Step(GraphBuilder graph, Value[] states, Value input, Value[] captured);

    public GraphBuilder Graph { get; } = new();

    public Value Weight(params int[] sizes) => Graph.Add(new ParameterLeaf(weights, Shape.Of(sizes), true), "w" + weights++);

    public Value Sequence(int index, params int[] sizes) => Graph.Add(new InputLeaf(index, Shape.Of(sizes), 0, Steps: true), "x" + index);

    public Value Input(int index, params int[] sizes) => Graph.Add(new InputLeaf(index, Shape.Of(sizes), 0), "x" + index);

    public Value[] Zeros(int[] sizes) => sizes.Select(size => Graph.Full(0, Shape.Of(size))).ToArray();

    public static Value Dot(GraphBuilder graph, Value matrix, Value vector) =>
        Contraction.Build(graph, new(0, 1), new(1), new(0), matrix, vector);

    public Value Scan(Value sequence, (int[] States, Value[] Captured, Step Step) cell) =>
        Scan(sequence, cell.States, cell.Captured, cell.Step);

    /// <summary>The outputs of a scan from zero states.</summary>
    public Value Scan(Value sequence, int[] states, Value[] captured, Step step) =>
        Graph.Add(new ScanResult(states.Length), Scanned(sequence, states, captured, step, Zeros(states)));

    public Value Scanned(Value sequence, int[] states, Value[] captured, Step step, Value[] initial)
    {
        GraphBuilder body = new();
        Value Argument(int index, Node from, Varies varies) => body.Add(new BlockArgument(index, from.Shape, varies), "a" + index);
        Value[] found = states
            .Select((size, i) => body.Add(new BlockArgument(i, Shape.Of(size), Varies.Example), "s" + i)).ToArray();
        Value input = Argument(states.Length, Graph[sequence], Varies.Example);
        Value[] outside = captured
            .Select((value, i) => Argument(states.Length + 1 + i, Graph[value], Graph[value].Varies)).ToArray();
        (Value[] left, Value output) = step(body, found, input, outside);
        List<Result> results = left.Select((value, i) => new Result(ResultKind.Step, "s" + i, 0, value.Id)).ToList();
        results.Add(new Result(ResultKind.Step, "output", 0, output.Id));
        return Graph.Add(new Scan(states.Length, 1, body.Build(results)), [.. initial, sequence, .. captured]);
    }

    /// <summary>The mean over steps of the sum of squares of what a weight makes of a value.</summary>
    public Graph Loss(Value value)
    {
        Value y = Graph.Add(new Tanh(), Graph.Times(Graph.Times(value, value), Weight([.. Graph[value].Shape.Sizes])));
        Value each = Graph.Add(new Sum(new EquatableArray<int>(0)), y);
        Value loss = Graph.Over(Graph.Add(new SumOverSteps(), each), Graph.Add(new StepCount()));
        return Graph.Build([new Result(ResultKind.Loss, "loss", 0, loss.Id)]);
    }
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>An operation on leaves of given shapes: what gradient checks and round trips run over.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Inputs">Its inputs.</param>
internal sealed record OperationCase(Operation Operation, params CaseInput[] Inputs)
{
    public string Name =>
        $"{Operation.Name} {Operation.Attributes} of {string.Join(", ", Inputs.Select(input => input.ToString()))}";

    /// <summary>Adds the leaves to a graph.</summary>
    public Value[] Leaves(GraphBuilder graph) =>
        Inputs.Select((input, index) => graph.Add(input.Leaf(index))).ToArray();

    /// <summary>The graph of the operation as it is, without any simplification.</summary>
    public Graph Unsimplified()
    {
        GraphBuilder builder = new();
        Value[] leaves = Leaves(builder);
        Node[] inputs = leaves.Select(leaf => builder[leaf]).ToArray();
        Node node = new(
            inputs.Length,
            Operation,
            inputs.Select(input => input.Id).ToEquatable(),
            Operation.InferShape(inputs),
            Operation.InferKind(inputs),
            Operation.InferVaries(inputs),
            "result");
        return new Graph(
            inputs.Append(node).ToEquatable(),
            new EquatableArray<Result>(new Result(ResultKind.Prediction, "y", 0, node.Id)));
    }

    public override string ToString() => Name;
}

/// <summary>A leaf of a case.</summary>
/// <param name="Shape">Shape for one example.</param>
/// <param name="EachExample">Whether each example has its own.</param>
/// <param name="Classes">Classes of a label, 0 for real numbers.</param>
/// <param name="Positive">Whether values are from 1 to 3 instead of from -2 to 2.</param>
internal sealed record CaseInput(Shape Shape, bool EachExample, int Classes = 0, bool Positive = false)
{
    /// <summary>Where values of a leaf begin between the places of the grid; with their spread of 0.1 none meets 0 or 0.5.</summary>
    private static readonly double[] Offsets = [0.1, 0.3, 0.6, 0.8];

    public Operation Leaf(int index) =>
        EachExample ? new InputLeaf(index, Shape, Classes) : new ParameterLeaf(index, Shape, true);

    /// <summary>
    /// Values far enough from one another and from 0 for finite differences of operations with kinks: shuffled places of a grid,
    /// with an offset for each leaf, moved by less than their distance.
    /// </summary>
    public double[] Sample(Random random, int leaf)
    {
        int count = Shape.Count;
        if (Classes > 0)
        {
            return Enumerable.Range(0, count).Select(_ => (double)random.Next(Classes)).ToArray();
        }
        double offset = Offsets[leaf];
        double[] values = Enumerable.Range(0, count)
            .Select(i => (((i + offset + (0.1 * random.NextDouble())) / count) - 0.5) * 4)
            .Select(value => Positive ? (value / 2) + 2 : value)
            .ToArray();
        random.Shuffle(values);
        return values;
    }

    public override string ToString() =>
        (Classes > 0 ? $"label {Classes}" : Shape.ToString()) + (EachExample ? " each" : "") + (Positive ? " positive" : "");
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Builds the graph of one case; leaves are numbered as they are asked for.</summary>
internal sealed class CaseBuilder
{
    private readonly List<ParameterLeaf> parameters = [];
    private readonly List<InputLeaf> inputs = [];
    private int masks;

    public GraphBuilder Graph { get; } = new();

    /// <summary>An input: every example has its own.</summary>
    public Value X(params int[] sizes) => Input(new InputLeaf(inputs.Count, Shape.Of(sizes), 0));

    public Value Label(int classes) => Input(new InputLeaf(inputs.Count, Shape.Scalar, classes));

    /// <summary>A trained parameter.</summary>
    public Value W(params int[] sizes) => Parameter(Shape.Of(sizes), true);

    public Value Untrained(params int[] sizes) => Parameter(Shape.Of(sizes), false);

    public Value Mask(params int[] sizes) => Graph.Add(new KeepMask(0.6, Shape.Of(sizes), masks++));

    public Value Full(double number, params int[] sizes) => Graph.Full(number, Shape.Of(sizes));

    public Value Add(Operation operation, params Value[] operands) => Graph.Add(operation, operands);

    /// <summary>An operation of two operands that are repeated to their common shape.</summary>
    public Value Both(Operation operation, Value a, Value b) => Graph.Add(operation, Broadcasting.Align(Graph, "case", a, b));

    public Value Tanh(Value x) => Graph.Add(new Tanh(), x);

    public Value Sum(Value x, params int[] axes) => Graph.Add(new Sum(new EquatableArray<int>(axes)), x);

    public Value Max(Value x, params int[] axes) => Graph.Add(new Max(new EquatableArray<int>(axes)), x);

    public Value Reshape(Value x, params int[] sizes) => Graph.Add(new Reshape(Shape.Of(sizes)), x);

    public Value Repeat(Value x, params int[] sizes) => Graph.Add(new Broadcast(Shape.Of(sizes)), x);

    public Value Transpose(Value x, params int[] order) => Graph.Add(new Transpose(new EquatableArray<int>(order)), x);

    public Value Concat(int axis, params Value[] parts) => Graph.Add(new Concat(axis), parts);

    public Value Pad(Value x, int[] before, int[] after, double number) =>
        Graph.Add(new Pad(before.ToEquatable(), after.ToEquatable(), number), x);

    /// <summary>Einstein's notation with two operands.</summary>
    public Value Einsum(string formula, Value a, Value b)
    {
        string[] parts = formula.Split(',', '>');
        EquatableArray<int> Labels(string part) => part.Where(char.IsLetter).Select(letter => (int)letter).ToEquatable();
        return Contraction.Build(Graph, Labels(parts[0]), Labels(parts[1]), Labels(parts[2]), a, b);
    }

    public Value Convolve(Value image, Value kernel, int strideY, int strideX, int top, int bottom, int left, int right, int groups) =>
        Graph.Add(new Convolve(strideY, strideX, top, bottom, left, right, groups), image, kernel);

    /// <summary>The mean over the batch, the same for every example.</summary>
    public Value BatchMean(Value x) => Graph.Over(
        Graph.Add(new SumOverExamples(), x), Graph.Add(new Broadcast(Graph[x].Shape), Graph.Add(new ExampleCount())));

    public Value BatchNormalised(Value x)
    {
        Value centred = Graph.Minus(x, BatchMean(x));
        Value variance = BatchMean(Graph.Times(centred, centred));
        return Graph.Over(centred, Graph.Add(new Sqrt(), Graph.Plus(variance, Graph.Like(0.01, variance))));
    }

    /// <summary>The case as a prediction.</summary>
    public TestModel Predicting(Value value) => Model(new Result(ResultKind.Prediction, "y", 0, value.Id));

    /// <summary>The case as training: the mean of <c>tanh</c> of all elements, each with a weight of its own.</summary>
    public TestModel Training(Value value)
    {
        Value bounded = Tanh(value);
        Shape shape = Graph[value].Shape;
        Value mean = Graph.Scale(
            Graph.Add(new Sum(Enumerable.Range(0, shape.Rank).ToEquatable()), Graph.Times(bounded, Untrained([.. shape.Sizes]))),
            1.0 / shape.Count);
        return Model(new Result(ResultKind.Loss, "loss", 0, mean.Id));
    }

    public TestModel Model(params Result[] results) =>
        new(Graph.Build(results), TestModel.Table(parameters), inputs.ToEquatable());

    private Value Input(InputLeaf leaf)
    {
        inputs.Add(leaf);
        return Graph.Add(leaf, "x" + leaf.Index);
    }

    private Value Parameter(Shape shape, bool trained)
    {
        ParameterLeaf leaf = new(parameters.Count, shape, trained);
        parameters.Add(leaf);
        return Graph.Add(leaf, "w" + leaf.Index);
    }
}

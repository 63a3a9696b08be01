using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Compiled.Tests;

/// <summary>Whole networks built node by node, trained compiled against the interpreter.</summary>
public sealed class TrainingGraphTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    public void A_linear_layer_with_softmax(int examples)
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new InputLeaf(0, Shape.Of(19), 0), "x");
        Value label = graph.Add(new InputLeaf(1, Shape.Scalar, 10), "label");
        Value w = Weight(graph, 0, 10, 19);
        Value b = Weight(graph, 1, 10);
        Value logits = graph.Add(new Add(), "logits", Dot(graph, w, x), b);
        Graph built = Loss(graph, CrossEntropy(graph, logits, label));
        GraphCheck.Training(built, examples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(21)]
    public void A_generated_convolution(int examples)
    {
        GraphBuilder graph = new();
        Value image = graph.Add(new InputLeaf(0, Shape.Of(8, 8, 1), 0), "image");
        Value label = graph.Add(new InputLeaf(1, Shape.Scalar, 5), "label");
        Value kernel1 = Weight(graph, 0, 3, 3, 1, 4);
        Value z = Weight(graph, 1, 4);
        Value generator = Weight(graph, 2, 3, 3, 4, 4, 4);
        Value bias = Weight(graph, 3, 4);
        Value kernel2 = Dot(graph, generator, z);
        Value h = graph.Add(new Convolve(1, 1, 1, 1, 1, 1, 1), image, kernel1);
        h = Pool(graph, Relu(graph, h, bias));
        h = graph.Add(new Convolve(1, 1, 1, 1, 1, 1, 1), h, kernel2);
        h = Pool(graph, Relu(graph, h, bias));
        Value flat = graph.Add(new Reshape(Shape.Of(2 * 2 * 4)), h);
        Value logits = Dot(graph, Weight(graph, 4, 5, 16), flat);
        Graph built = Loss(graph, CrossEntropy(graph, logits, label));
        GraphCheck.Training(built, examples);
    }

    [Fact]
    public void Weights_that_differ_from_example_to_example()
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new InputLeaf(0, Shape.Of(7), 0), "x");
        Value generator = Weight(graph, 0, 5, 7, 3);
        Value z = graph.Add(new Tanh(), Dot(graph, Weight(graph, 1, 3, 7), x));
        Value own = Dot(graph, generator, z);
        Value y = graph.Add(new Sigmoid(), Dot(graph, own, x));
        GraphCheck.Training(Loss(graph, graph.Add(new Sum(new EquatableArray<int>(0)), y)), 19);
    }

    private static Value Weight(GraphBuilder graph, int index, params int[] sizes) =>
        graph.Add(new ParameterLeaf(index, Shape.Of(sizes), true), "w" + index);

    private static Value Dot(GraphBuilder graph, Value a, Value b)
    {
        int rank = graph[a].Shape.Rank;
        EquatableArray<int> left = Enumerable.Range(0, rank).ToEquatable();
        EquatableArray<int> right = Enumerable.Range(rank - 1, graph[b].Shape.Rank).ToEquatable();
        return Contraction.Build(graph, left, right, left.Take(rank - 1).Concat(right.Skip(1)).ToEquatable(), a, b);
    }

    private static Value Relu(GraphBuilder graph, Value x, Value bias) =>
        graph.Add(new Relu(), graph.Add(new Add(), Broadcasting.Align(graph, "add", x, bias)));

    private static Value Pool(GraphBuilder graph, Value x) => graph.Add(new MaxPool(2, 2, 2, 2, 0, 0, 0, 0), x);

    private static Value CrossEntropy(GraphBuilder graph, Value logits, Value label)
    {
        EquatableArray<int> axis = new(0);
        Shape shape = graph[logits].Shape;
        Value max = graph.Add(new Detach(), graph.Add(new Max(axis), logits));
        Value shifted = graph.Add(new Subtract(), logits, graph.Add(new Broadcast(shape), max));
        Value sum = graph.Add(new Log(), graph.Add(new Sum(axis), graph.Add(new Exp(), shifted)));
        Value all = graph.Add(new Add(), sum, max);
        return graph.Add(new Subtract(), all, graph.Add(new Gather(), logits, label));
    }

    private static Graph Loss(GraphBuilder graph, Value loss) =>
        graph.Build([new Result(ResultKind.Loss, "loss", 0, loss.Id)]);
}

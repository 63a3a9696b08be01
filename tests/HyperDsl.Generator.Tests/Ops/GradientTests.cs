using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>Every gradient against central differences, in double precision.</summary>
public sealed class GradientTests
{
    private const int Examples = 3;

    private static readonly Type[] WithoutGradient =
        [typeof(Detach), typeof(OneHot), typeof(MaxPoolGradient), typeof(Scan), typeof(ScanResult),
        // What has to do with time is checked with whole scans, compiled against the same steps written out.
        typeof(SumOverSteps), typeof(EachStep)];

    public static TheoryData<string> Checked => new(
        OperationCases.All.Where(item => !WithoutGradient.Contains(item.Operation.GetType())).Select(item => item.Name));

    [Theory]
    [MemberData(nameof(Checked))]
    public void Gradient_equals_central_differences(string name)
    {
        OperationCase item = OperationCases.Find(name);
        GraphBuilder graph = new();
        Value[] leaves = item.Leaves(graph);
        Value result = graph.Add(item.Operation, leaves);
        Value weights = graph.Add(new ParameterLeaf(leaves.Length, graph[result].Shape, false));
        Value products = graph.Times(result, weights);
        Value loss = graph.Add(new SumOverExamples(), graph.Add(new Sum(AllAxes(graph[products].Shape)), products));
        Value?[] gradients = ReverseMode.Gradients(graph, loss, leaves);
        Graph built = graph.Build(
        [
            new Result(ResultKind.Prediction, "loss", 0, loss.Id),
            new Result(ResultKind.Prediction, "products", 0, products.Id),
            .. gradients.Select((gradient, index) => (gradient, index)).Where(pair => pair.gradient is not null)
                .Select(pair => new Result(ResultKind.Prediction, "gradient" + pair.index, 0, pair.gradient!.Value.Id)),
        ]);
        Assert.Empty(GraphVerifier.Verify(built));
        for (int seed = 0; seed < 3; seed++)
        {
            new CentralDifferences(item, built, graph[weights].Shape, Examples, seed).Check();
        }
    }

    [Fact]
    public void Every_differentiable_operation_is_checked()
    {
        Type[] all = OperationCases.Types.Where(type => !typeof(Leaf).IsAssignableFrom(type)).ToArray();
        Type[] cases = OperationCases.All.Select(item => item.Operation.GetType()).Distinct().ToArray();
        Assert.Empty(all.Except(cases).Except(WithoutGradient));
        Assert.Empty(WithoutGradient.Except(all));
    }

    [Fact]
    public void Detach_and_one_hot_pass_no_gradient()
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new InputLeaf(0, Shape.Of(3), 0));
        Value label = graph.Add(new InputLeaf(1, Shape.Scalar, 3));
        Value both = graph.Times(graph.Add(new Detach(), x), graph.Add(new OneHot(3), label));
        Value loss = graph.Add(new Sum(new EquatableArray<int>(0)), both);

        Assert.Equal([null, null], ReverseMode.Gradients(graph, loss, [x, label]));
    }

    [Fact]
    public void What_has_no_second_derivative_says_so()
    {
        OperationCase pool = OperationCases.All.First(item => item.Operation is MaxPoolGradient);
        GraphBuilder graph = new();
        Value result = graph.Add(pool.Operation, pool.Leaves(graph));
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => graph[result].Operation.Gradient(graph, graph[result], result));
        Assert.Contains("Second derivatives through max pooling are not available", exception.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Equal_operands_share_the_gradient(bool largest)
    {
        GraphBuilder graph = new();
        Value a = graph.Add(new ParameterLeaf(0, Shape.Of(2), true));
        Value b = graph.Add(new ParameterLeaf(1, Shape.Of(2), true));
        Value loss = graph.Add(
            new Sum(new EquatableArray<int>(0)), graph.Add(largest ? new Maximum() : new Minimum(), a, b));
        Value?[] gradients = ReverseMode.Gradients(graph, loss, [a, b]);
        Graph built = graph.Build(gradients.Select((g, i) => new Result(ResultKind.Prediction, "g" + i, 0, g!.Value.Id)));
        GraphInterpreter interpreter = new(1, (_, _) => [3, 0]);

        Assert.Equal([0.5, 0.5], interpreter.Evaluate(built, "g0")[0]);
        Assert.Equal([0.5, 0.5], interpreter.Evaluate(built, "g1")[0]);
    }

    [Fact]
    public void Equal_maxima_of_an_axis_share_the_gradient()
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new ParameterLeaf(0, Shape.Of(2, 3), true));
        Value loss = graph.Add(
            new Sum(new EquatableArray<int>(0)), graph.Add(new Max(new EquatableArray<int>(1)), x));
        Value gradient = ReverseMode.Gradients(graph, loss, [x])[0]!.Value;
        Graph built = graph.Build([new Result(ResultKind.Prediction, "g", 0, gradient.Id)]);

        double[] actual = new GraphInterpreter(1, (_, _) => [7, 1, 7, 2, 2, 2]).Evaluate(built, "g")[0];
        Assert.Equal([0.5, 0, 0.5, 1.0 / 3, 1.0 / 3, 1.0 / 3], actual);
    }

    [Fact]
    public void First_maximum_of_a_window_wins()
    {
        GraphBuilder graph = new();
        Value x = graph.Add(new ParameterLeaf(0, Shape.Of(2, 2, 1), true));
        Value loss = graph.Add(
            new Sum(new EquatableArray<int>(0, 1, 2)), graph.Add(new MaxPool(2, 2, 1, 1, 0, 0, 0, 0), x));
        Value gradient = ReverseMode.Gradients(graph, loss, [x])[0]!.Value;
        Graph built = graph.Build([new Result(ResultKind.Prediction, "g", 0, gradient.Id)]);

        Assert.Equal([0, 1, 0, 0], new GraphInterpreter(1, (_, _) => [1, 5, 5, 5]).Evaluate(built, "g")[0]);
    }

    private static EquatableArray<int> AllAxes(Shape shape) => Enumerable.Range(0, shape.Rank).ToEquatable();
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Tests.Ops;

namespace HyperDsl.Generator.Tests.Ir;

public sealed class RoundTripTests
{
    public static TheoryData<string> Cases => new(OperationCases.All.Select(item => item.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_survives_print_and_parse(string name) => RoundTrips(OperationCases.Find(name).Unsimplified());

    [Fact]
    public void Leaves_and_results_survive() => RoundTrips(Leaves());

    [Fact]
    public void Scan_survives_with_its_body() => RoundTrips(RunningSum());

    [Fact]
    public void Printed_form_is_as_documented() => Assert.Equal(
        """
        %0 = blockArgument() index=0 : [2] each example and time
        %1 = parameter() index=0 : [2]
        %2 = scan(%1, %0) states=1 sequences=1 : [] each example and time
            %0 = blockArgument() index=0 : [2] each example and time
            %1 = blockArgument() index=1 : [2] each example and time
            %2 = add(%0, %1) : [2] each example and time  // total
            step state = %2
            step output #1 = %2
        %3 = scanResult(%2) index=0 : [2] each example
        %4 = scanResult(%2) index=1 : [2] each example and time
        prediction last = %3
        prediction all = %4

        """.ReplaceLineEndings("\n"),
        RunningSum().ToString());

    [Fact]
    public void Every_operation_has_a_round_trip()
    {
        IEnumerable<Type> covered = OperationCases.All.Select(item => item.Unsimplified())
            .Append(Leaves()).Append(RunningSum())
            .SelectMany(WithBodies)
            .Select(node => node.Operation.GetType());
        Assert.Empty(OperationCases.Types.Except(covered));
    }

    [Theory]
    [InlineData("%0 = conv() : []", "names an operation 'conv' that does not exist")]
    [InlineData("nonsense", "is neither a node nor a result")]
    [InlineData("wish x = %0", "has a result of unknown kind 'wish'")]
    [InlineData("%0 = exampleCount() : []\n    %0 = exampleCount() : []", "is indented without a scan above it")]
    public void Text_that_is_no_graph_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => GraphParser.Parse(text)).Message);

    private static void RoundTrips(Graph graph)
    {
        string printed = graph.ToString();
        Graph parsed = GraphParser.Parse(printed);
        Assert.Equal(printed, parsed.ToString());
        Assert.Equal(graph, parsed);
        Assert.Equal(graph.GetHashCode(), parsed.GetHashCode());
        Assert.Empty(GraphVerifier.Verify(parsed));
    }

    private static IEnumerable<Node> WithBodies(Graph graph) => graph.Nodes.SelectMany(node =>
        node.Operation is Scan scan ? WithBodies(scan.Body).Append(node) : [node]);

    private static Graph Leaves()
    {
        GraphBuilder graph = new();
        Value[] values =
        [
            graph.Add(new ParameterLeaf(2, Shape.Of(3), true), "generator.bias"),
            graph.Add(new ParameterLeaf(3, Shape.Of(3), false)),
            graph.Add(new InputLeaf(0, Shape.Of(2, 2), 0)),
            graph.Add(new InputLeaf(1, Shape.Scalar, 10)),
            graph.Add(new Constant(0.1)),
            graph.Add(new Constant(double.NegativeInfinity)),
            graph.Add(new Constant(double.NaN)),
            graph.Add(new Constant(-0.0)),
            graph.Add(new ExampleCount()),
            graph.Add(new KeepMask(0.9, Shape.Of(4), 7)),
            graph.Add(new KeepMask(0.9, Shape.Of(4), 8, EachStep: true)),
            graph.Add(new KeepMask(0.9, Shape.Of(4), 9, EachSequence: true)),
            graph.Add(new StepCount()),
            graph.Add(new InputLeaf(2, Shape.Of(2), 0, Steps: true)),
        ];
        values =
        [
            .. values, graph.Add(new SumOverSteps(), values[^1]), graph.Add(new EachStep(), values[0]),
        ];
        return graph.Build(values
            .Select((value, index) => new Result(ResultKind.Baked, "value " + index, 0, value.Id))
            .Append(new Result(ResultKind.Update, "mean", 3, values[1].Id))
            .Append(new Result(ResultKind.Loss, "loss", 0, values[4].Id))
            .Append(new Result(ResultKind.Gradient, "generator.bias", 2, values[0].Id)));
    }

    /// <summary>A scan that adds up a sequence.</summary>
    private static Graph RunningSum()
    {
        Varies both = Varies.Example | Varies.Time;
        GraphBuilder body = new();
        Value total = body.Add(
            new Add(),
            "total",
            body.Add(new BlockArgument(0, Shape.Of(2), both)),
            body.Add(new BlockArgument(1, Shape.Of(2), both)));
        Graph step = body.Build(
            [new Result(ResultKind.Step, "state", 0, total.Id), new Result(ResultKind.Step, "output", 1, total.Id)]);
        Scan scan = new(1, 1, step);
        Node sequence = new(0, new BlockArgument(0, Shape.Of(2), both), [], Shape.Of(2), ElementKind.Real, both, "");
        Node start = new(1, new ParameterLeaf(0, Shape.Of(2), true), [], Shape.Of(2), ElementKind.Real, Varies.Nothing, "");
        Node[] inputs = [start, sequence];
        Node run = new(
            2, scan, new EquatableArray<int>(1, 0), scan.InferShape(inputs), ElementKind.Real, scan.InferVaries(inputs), "");
        Node[] results = Enumerable.Range(0, 2).Select(index => new ScanResult(index))
            .Select(operation => new Node(
                3 + operation.Index,
                operation,
                new EquatableArray<int>(2),
                operation.InferShape([run]),
                ElementKind.Real,
                operation.InferVaries([run]),
                ""))
            .ToArray();
        return new Graph(
            new EquatableArray<Node>([sequence, start, run, .. results]),
            new EquatableArray<Result>(
                new Result(ResultKind.Prediction, "last", 0, 3), new Result(ResultKind.Prediction, "all", 0, 4)));
    }
}

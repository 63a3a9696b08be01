using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Trace;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>Cells scanned over sequences: the graphs, and what is said of misuse.</summary>
public class ScanTests
{
    private const string Accumulator = """
        [Network] public sealed partial class Accumulator(int units) : Cell
        {
            readonly Weight w = new(units, units);
            [State] Tensor total = Zeros(units);
            public override Tensor Step(Tensor x)
            {
                total = total + Dot(w, x);
                return Tanh(total);
            }
        }
        """;

    [Fact]
    public void A_cell_becomes_a_scan()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Accumulator cell = new(2);
                [Predict] public Tensor Predict([Steps, Classes(2)] Label text) => cell.Scan(OneHot(text)) * 2;
            }

            """ + Accumulator);
        Graph graph = model.Entries[0].Evaluation;
        HyperDsl.Generator.Ops.Scan scan = Assert.Single(graph.Nodes.Select(node => node.Operation).OfType<HyperDsl.Generator.Ops.Scan>());
        Assert.Equal((1, 1), (scan.States, scan.Sequences));
        Assert.Empty(GraphVerifier.Verify(model.Entries[0].Evaluation));
    }

    [Fact]
    public void What_the_step_uses_from_outside_is_captured_and_constants_are_not()
    {
        Graph graph = Traced("readonly Accumulator cell = new(2); [Predict] public Tensor P([Steps, Shape(2)] Tensor x) => cell.Scan(x);");
        Assert.Equal(
            Tracing.Lines("""
                %0 = constant() 0 : []
                %1 = broadcast(%0) : [2]  // total
                %2 = input() index=0 steps : [2] each example and time  // x
                %3 = parameter() index=0 : [2, 2]  // cell.w
                %4 = scan(%1, %2, %3) states=1 sequences=1 : [] each example and time
                    %0 = blockArgument() index=0 : [2] each example  // cell.total
                    %1 = blockArgument() index=1 : [2] each example  // x
                    %2 = blockArgument() index=2 : [2, 2]  // cell.w
                    %3 = contract(%2, %1) left=[0, 1] right=[1] result=[0] : [2] each example
                    %4 = add(%0, %3) : [2] each example  // total
                    %5 = tanh(%4) : [2] each example
                    step cell.total = %4
                    step output = %5
                %5 = scanResult(%4) index=1 : [2] each example and time
                prediction P = %5
                """),
            Tracing.Lines(graph.ToString()));
    }

    [Fact]
    public void States_of_cells_inside_cells_are_carried_along()
    {
        Graph hyper = Traced(
            "readonly HyperLstm lstm = new(3, 4, 3, 2); [Predict] public Tensor P([Steps, Shape(3)] Tensor x) => lstm.Scan(x);");
        Assert.Equal(["lstm.hyper.h", "lstm.hyper.c", "lstm.h", "lstm.c", "output", "lstm.scaling"], StepResults(hyper));
        Graph stack = Traced(
            "readonly Stacked cells = new(new Gru(3, 4), new Rnn(4, 2)); [Predict] public Tensor P([Steps, Shape(3)] Tensor x) => cells.Scan(x);");
        Assert.Equal(["cells.layers.0.h", "cells.layers.1.h", "output"], StepResults(stack));
        Assert.Equal("[2]", stack[stack.Results[0].Node].Shape.ToString());
    }

    [Fact]
    public void At_steps_that_do_not_count_states_stay_and_the_output_is_zero()
    {
        Graph graph = Traced(
            "readonly Accumulator cell = new(2); [Predict] public Tensor P([Steps, Shape(2)] Tensor x, [Steps, Shape] Tensor valid) => cell.Scan(x, valid);");
        HyperDsl.Generator.Ops.Scan scan = graph.Nodes.Select(node => node.Operation).OfType<HyperDsl.Generator.Ops.Scan>().Single();
        Assert.Equal((1, 2), (scan.States, scan.Sequences));
        Assert.All(scan.Body.Results, result => Assert.IsType<Generator.Ops.Select>(scan.Body[result.Node].Operation));
        Assert.Empty(GraphVerifier.Verify(graph));
    }

    [Theory]
    [InlineData("[Shape] Tensor valid", "takes as its second argument a scalar that varies with time")]
    [InlineData("[Steps, Shape(2)] Tensor valid", "a scalar at every step, but it has the shape [2]")]
    public void What_counts_is_a_scalar_at_every_step(string input, string expected) => Assert.Contains(
        expected,
        Assert.Single(Tracing.Trace(Tracing.Compile(
            "[HyperModel] public sealed partial class M : Model { readonly Accumulator cell = new(2); "
            + "[Predict] public Tensor P([Steps, Shape(2)] Tensor x, " + input + ") => cell.Scan(x, valid); }\n" + Accumulator), "M").Problems).Text);

    [Fact]
    public void A_cell_that_is_scanned_twice_begins_alike() => Assert.Equal(
        2,
        Traced("readonly Accumulator cell = new(2); [Predict] public Tensor P([Steps, Shape(2)] Tensor x) => cell.Scan(x) + cell.Scan(-x);")
            .Nodes.Count(node => node.Operation is Generator.Ops.Scan scan && scan.States == 1));

    [Fact]
    public void A_mask_of_the_sequence_is_captured()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Lstm cell = new(2, 3, keep: 0.5, mask: MaskScope.Sequence);
                [Loss] public Tensor L([Steps, Shape(2)] Tensor x) => MeanOverSteps(Sum(Dropout(cell.Scan(x), 0.5, MaskScope.Sequence)));
            }
            """);
        Graph training = model.Entries[0].Training!;
        Generator.Ops.Scan scan = training.Nodes.Select(node => node.Operation).OfType<Generator.Ops.Scan>().Single();
        Assert.DoesNotContain(scan.Body.Nodes, node => node.Operation is Generator.Ops.KeepMask);
        Assert.Equal(
            [(0, false), (1, false)],
            training.Nodes.Select(node => node.Operation).OfType<Generator.Ops.KeepMask>().Select(mask => (mask.Site, mask.EachStep)));
    }

    [Fact]
    public void Masks_belong_to_the_step_that_draws_them()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Lstm cell = new(2, 3, keep: 0.5);
                [Loss] public Tensor L([Steps, Shape(2)] Tensor x) => MeanOverSteps(Sum(Dropout(cell.Scan(x), 0.5)));
            }
            """);
        Graph training = model.Entries[0].Training!;
        Generator.Ops.Scan scan = training.Nodes.Select(node => node.Operation).OfType<Generator.Ops.Scan>().Single();
        Assert.Equal([0], scan.Body.Nodes.Select(node => node.Operation).OfType<Generator.Ops.KeepMask>().Select(mask => mask.Site));
        Generator.Ops.KeepMask outside = Assert.Single(training.Nodes.Select(node => node.Operation).OfType<Generator.Ops.KeepMask>());
        Assert.Equal((1, true), (outside.Site, outside.EachStep));
    }

    [Theory]
    [InlineData(
        "[Loss] public Tensor L([Steps, Shape(2)] Tensor x) => Sum(cell.Scan(x));", "HDSL202",
        "The loss 'L' has one value at each step of time, but must be one number for an example. Use 'MeanOverSteps' or 'SumOverSteps'.")]
    [InlineData(
        "[Predict] public Tensor P([Shape(2)] Tensor x) => cell.Scan(x);", "HDSL201",
        "'cell.Scan(x)': 'Scan' runs over a value that varies with time, but got one of shape [2] that is the same at every step. Give it "
        + "an input marked [Steps], or something computed from one.")]
    [InlineData(
        "[Predict] public Tensor P([Steps, Shape(2)] Tensor x) => growing.Scan(x);", "HDSL201",
        "'growing.Scan(x)': 'Step' makes the state 'growing.total' of shape [2] one of shape [4]; a state must keep its shape.")]
    [InlineData(
        "[Predict] public Tensor P([Shape(2)] Tensor x) => cell.Step(x);", "HDSL107",
        "'total' assigns a state, but no 'Scan' runs that would carry it to the next step. Only 'Step' assigns states, and only 'Scan' of "
        + "this cell, or of one around it, calls 'Step' in a model.")]
    [InlineData(
        "[Predict] public Tensor P([Steps, Shape(2)] Tensor x) => new Beside(x).Scan(x);", "HDSL201",
        "'new Beside(x).Scan(x)': 'Step' uses 'x', which varies with time, by another way than its argument. Join it to the sequence that "
        + "'Scan' gets, for example with 'Concat'.")]
    [InlineData(
        "[Predict] public Tensor P([Steps, Shape(2)] Tensor x) => new Centring().Scan(x);", "HDSL201",
        "'new Centring().Scan(x)': 'Step' adds up over the examples of a batch (as 'BatchMean' and 'BatchNorm' do), but a sequence is computed "
        + "example by example. Normalise each example, for example with 'LayerNorm', or take the statistic of a mean over steps outside.")]
    public void Misuse_of_time_is_said(string member, string id, string text)
    {
        TraceOutcome outcome = Tracing.Trace(
            Tracing.Compile($$"""
                [HyperModel] public sealed partial class M : Model
                {
                    readonly Accumulator cell = new(2);
                    readonly Growing growing = new();
                    {{member}}
                }
                [Network] public sealed partial class Growing : Cell
                {
                    [State] Tensor total = Zeros(2);
                    public override Tensor Step(Tensor x) { total = Concat(0, total, x); return x; }
                }
                [Network] public sealed partial class Beside(Tensor other) : Cell
                {
                    public override Tensor Step(Tensor x) => x + other;
                }
                [Network] public sealed partial class Centring : Cell
                {
                    public override Tensor Step(Tensor x) => x - BatchMean(x);
                }

                """ + Accumulator),
            "M");
        PlacedProblem problem = Assert.Single(outcome.Problems);
        Assert.Equal((id, text), (problem.Descriptor.Id, problem.Text));
    }

    [Theory]
    [InlineData("Sum(BatchMean(x))", "BatchMean(x)")]
    [InlineData("Sum(BatchVariance(x))", "BatchVariance(x)")]
    [InlineData("MeanOverSteps(Sum(norm.Call(x)))", "norm.Call(x)")]
    public void Statistics_over_the_batch_refuse_what_varies_with_time(string loss, string place)
    {
        PlacedProblem problem = Assert.Single(Tracing.Trace(Tracing.Compile(WithNorm(loss)), "M", placed: true).Problems);
        Assert.Equal("HDSL201", problem.Descriptor.Id);
        Assert.EndsWith(
            "but got one of shape [2] that varies with time. Average first: BatchMean(MeanOverSteps(x)).", problem.Text);
        Assert.Equal(place, problem.Place!.SourceTree!.ToString().Substring(problem.Place.SourceSpan.Start, problem.Place.SourceSpan.Length));
    }

    [Theory]
    [InlineData("Sum(BatchMean(MeanOverSteps(x)))")]
    [InlineData("Sum(norm.Call(MeanOverSteps(x)))")]
    public void Statistics_over_the_batch_take_means_over_steps(string loss) =>
        Assert.DoesNotContain(Tracing.Trace(Tracing.Compile(WithNorm(loss)), "M").Problems, problem => problem.Descriptor.Id == "HDSL201");

    private static string WithNorm(string loss) =>
        "[HyperModel] public sealed partial class M : Model { readonly BatchNorm norm = new(2); "
        + "[Loss] public Tensor L([Steps, Shape(2)] Tensor x) => " + loss + "; }";

    [Theory]
    [InlineData("Dot(Reshape(new Delay(4).Scan(generator.Call(x)), 2, 2), x)", true)]
    [InlineData("Dot(Reshape(generator.Call(x), 2, 2), new Delay(2).Scan(x))", true)]
    [InlineData("new LateWeights(generator).Scan(x)", true)]
    [InlineData("Dot(Reshape(new Inner(generator).Scan(x), 2, 2), x)", true)]
    [InlineData("output.Call(new Delay(4).Scan(generator.Call(x)))", false)]
    [InlineData("output.Call(new Inner(generator).Scan(x))", false)]
    public void Generated_values_are_followed_through_scans(string prediction, bool used)
    {
        TraceOutcome outcome = Tracing.Trace(
            Tracing.Compile($$"""
                [HyperModel] public sealed partial class M : Model
                {
                    [Hyper] readonly Linear generator = new(2, 4);
                    readonly Linear output = new(4, 2);
                    [Predict] public Tensor P([Steps, Shape(2)] Tensor x) => {{prediction}};
                }
                [Network] public sealed partial class LateWeights(Linear generator) : Cell
                {
                    [State] Tensor weights = Zeros(4);
                    public override Tensor Step(Tensor x)
                    {
                        Tensor y = Dot(Reshape(weights, 2, 2), x);
                        weights = generator.Call(x);
                        return y;
                    }
                }
                [Network] public sealed partial class Inner(Linear generator) : Cell
                {
                    public override Tensor Step(Tensor x) => generator.Call(x);
                }
                """),
            "M",
            placed: true);
        Assert.Equal(used ? [] : ["HDSL302"], outcome.Problems.Select(problem => problem.Descriptor.Id));
    }

    private static Graph Traced(string members)
    {
        Graph graph = Tracing.TraceModel("[HyperModel] public sealed partial class M : Model { " + members + " }\n" + Accumulator).Entries[0].Evaluation;
        Assert.Empty(GraphVerifier.Verify(graph));
        Assert.Equal(graph.ToString(), GraphParser.Parse(graph.ToString()).ToString());
        return graph;
    }

    private static IEnumerable<string> StepResults(Graph graph) =>
        graph.Nodes.Select(node => node.Operation).OfType<Generator.Ops.Scan>().Single().Body.Results.Select(result => result.Name);
}

using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

/// <summary>What leaves a loop over time, and what goes into it.</summary>
public sealed class ScanPassTests
{
    /// <summary>An elementwise scaling of a product with both state and input, as in a hypernetwork.</summary>
    private const string Model = """
        [Network] public sealed partial class Scaled(int inputs, int units, int embedding) : Cell
        {
            readonly Weight both = new(units, units + inputs);
            readonly Weight scale = new(units, embedding);
            readonly Weight gain = new(units);
            readonly Weight embed = new(embedding, units);
            [State] Tensor h = Zeros(units);
            public override Tensor Step(Tensor x)
            {
                Tensor d = Dot(scale, Dot(embed, h));
                h = Tanh(gain * d * Dot(both, Concat(0, h, x)));
                return h;
            }
        }
        [HyperModel] public sealed partial class M : Model
        {
            readonly Scaled cell = new(40, 64, 3);
            [Loss] public Tensor L([Steps, Classes(40)] Label text) => SumOverSteps(Sum(cell.Scan(OneHot(text))));
        }
        """;

    [Fact]
    public void The_input_part_of_a_product_with_state_and_input_is_looked_up_before_the_loop()
    {
        Graph prepared = Compiler.Prepare(Traced().Training!, CancellationToken.None);
        Scan scan = prepared.Nodes.Select(node => node.Operation).OfType<Scan>().Single();
        Assert.DoesNotContain(scan.Body.Nodes, node => node.Operation is Concat);
        Assert.Contains(prepared.Nodes, node => node.Operation is Gather && node.Shape == Shape.Of([64]));
        Assert.Empty(GraphVerifier.Verify(prepared));
    }

    [Fact]
    public void A_product_that_the_state_is_all_of_stays_whole()
    {
        Graph graph = Tracing.TraceModel(Model.Replace("Concat(0, h, x)", "Concat(0, h, h[..40] * x)", StringComparison.Ordinal)).Entries[0].Training!;
        Assert.Equal(graph.ToString(), SplitProducts.Run(graph, CancellationToken.None).ToString());
    }

    [Fact]
    public void Small_sums_are_added_up_in_the_loop_and_gradients_of_large_weights_behind_it()
    {
        TracedModel model = Tracing.TraceModel(Model);
        Graph machine = Compiler.Machine(
            Differentiate.Run(Compiler.Prepare(model.Entries[0].Training!, CancellationToken.None), model.Parameters, CancellationToken.None),
            CancellationToken.None);
        Assert.True(AddsUpInLoop("cell.gain"), "The gradient of the gain is a sum of as many numbers a step as it has.");
        Assert.True(AddsUpInLoop("cell.scale"), "The scaling's matrix is small beside 16 rows of its summands.");
        Assert.False(AddsUpInLoop("cell.both"), "A weight matrix is large beside its summands.");

        bool AddsUpInLoop(string parameter)
        {
            int id = machine.Results.Single(result => result.Kind == ResultKind.Gradient && result.Name == parameter).Node;
            Node[] sums = [.. Ancestors(machine, id).Where(node => node.Operation is ISumsOverExamples { OverExamples: true })];
            Assert.NotEmpty(sums);
            return sums.All(sum => machine.InputsOf(sum).All(input => (input.Varies & Varies.Time) == 0));
        }
    }

    /// <summary>The scalings are computed again for the derivative; behind the loop they would have to be kept for all steps.</summary>
    [Fact]
    public void A_value_of_the_loop_with_one_reader_behind_it_is_used_in_the_loop()
    {
        TracedModel model = Tracing.TraceModel(Model
            .Replace("h = Tanh(gain * d * Dot(both, Concat(0, h, x)));", "h = Tanh(gain * h + d * Dot(fromInput, x));", StringComparison.Ordinal)
            .Replace("both = new(units, units + inputs)", "fromInput = new(units, inputs)", StringComparison.Ordinal));
        Graph machine = Compiler.Machine(
            Differentiate.Run(Compiler.Prepare(model.Entries[0].Training!, CancellationToken.None), model.Parameters, CancellationToken.None),
            CancellationToken.None);
        Loops loops = Loops.Find(machine);
        Node[] behind = [.. machine.Nodes.Where(node => node.Operation is Elementwise && loops.Of(node.Id) == 0
            && machine.InputsOf(node).Count(input => input.Operation is StepOutput) > 1)];
        Assert.True(behind.Length == 0, string.Join("\n", behind.Select(node => node.ToString())) + "\n" + machine);
    }

    /// <summary>What a result is made of, up to the first sums over examples.</summary>
    private static IEnumerable<Node> Ancestors(Graph graph, int id)
    {
        Node node = graph[id];
        return node.Operation is ISumsOverExamples { OverExamples: true }
            ? [node]
            : node.Inputs.SelectMany(input => Ancestors(graph, input)).Append(node);
    }

    private static Entry Traced() => Tracing.TraceModel(Model).Entries[0];
}

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

    [Theory]
    [InlineData("[Loss] public Tensor L([Steps, Shape(2)] Tensor x) => Sum(cell.Scan(x));")]
    [InlineData("[Predict] public Tensor P([Shape(2)] Tensor x) => cell.Scan(x);")]
    public void Misuse_of_time_is_said(string member)
    {
        TraceOutcome outcome = Tracing.Trace(
            Tracing.Compile("[HyperModel] public sealed partial class M : Model { readonly Accumulator cell = new(2); " + member + " }\n" + Accumulator),
            "M");
        Assert.Single(outcome.Problems);
    }
}

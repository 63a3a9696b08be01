using HyperDsl.Generator.Analyses;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

public class TapeTests
{
    /// <summary>The derivative of a sum reads neither term.</summary>
    [Fact]
    public void A_sum_of_products_is_kept_in_place_of_its_terms()
    {
        Node[] kept = Kept("Tanh(Dot(first, h) + Dot(second, h) + Dot(third, h))", MachineCosts.Processor);
        Assert.DoesNotContain(kept, node => node.Operation is Contract);
        Assert.Single(kept, node => node.Operation is Add);
    }

    [Fact]
    public void Products_that_something_else_reads_too_are_kept_themselves()
    {
        const string Step = "Tanh(Dot(first, h) + Dot(second, h)) * Dot(first, h)";
        Assert.Equal(2, Kept(Step, MachineCosts.Processor).Count(node => node.Operation is Contract));
    }

    [Fact]
    public void A_machine_may_keep_the_terms()
    {
        Node[] kept = Kept("Tanh(Dot(first, h) + Dot(second, h))", MachineCosts.Processor with { KeepsSums = false });
        Assert.Equal(2, kept.Count(node => node.Operation is Contract));
        Assert.DoesNotContain(kept, node => node.Operation is Add);
    }

    private static Node[] Kept(string step, MachineCosts costs)
    {
        TracedModel model = Tracing.TraceModel($$"""
            [Network] public sealed partial class Wide(int units) : Cell
            {
                readonly Weight first = new(units, units);
                readonly Weight second = new(units, units);
                readonly Weight third = new(units, units);
                [State] Tensor h = Zeros(units);
                public override Tensor Step(Tensor x)
                {
                    h = {{step}} + x + Dot(third, x);
                    return h;
                }
            }
            [HyperModel] public sealed partial class M : Model
            {
                readonly Wide cell = new(64);
                [Loss] public Tensor L([Steps, Shape(64)] Tensor x) => SumOverSteps(Sum(cell.Scan(x)));
            }
            """);
        Scan scan = model.Entries[0].Training!.Nodes.Select(node => node.Operation).OfType<Scan>().Single();
        return [.. Tape.Kept(scan, costs).Where(node => DependsOnState(scan.Body, node))];
    }

    private static bool DependsOnState(Graph body, Node node) =>
        node.Operation is BlockArgument { Index: 0 } || node.Inputs.Any(input => DependsOnState(body, body[input]));
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

public class SumProductsApartTests
{
    /// <summary>The gradient of e is a sum of two products; the projection's weight reads it too, so its bias adds up what is there anyway.</summary>
    [Fact]
    public void What_others_read_is_added_up_whole()
    {
        Graph graph = Hoisted("""
            readonly Cell cell = new Rnn(3, 4);
            readonly Linear projection = new(4, 5);
            readonly Weight a = new(6, 5);
            readonly Weight b = new(6, 5);
            [Loss] public Tensor L([Steps, Shape(3)] Tensor x)
            {
                Tensor e = projection.Call(cell.Scan(x));
                return MeanOverSteps(Sum(Square(Dot(a, e)) + Square(Dot(b, e))));
            }
            """);
        Assert.Contains(graph.Nodes, node => node.Operation is SumOverExamples && graph[node.Inputs[0]].Operation is Add);
        Assert.Equal(graph.ToString(), SumProductsApart.Run(graph, CancellationToken.None).ToString());
    }

    [Fact]
    public void A_weight_that_steps_apply_twice_is_two_sums()
    {
        Graph graph = Hoisted("""
            readonly Cell cell = new Twice();
            [Loss] public Tensor L([Steps, Shape(4)] Tensor x) => MeanOverSteps(Sum(Square(cell.Scan(x))));
            """);
        Graph apart = SumProductsApart.Run(graph, CancellationToken.None);
        Assert.Contains(graph.Nodes, node => node.Operation is SumOverExamples && graph[node.Inputs[0]].Operation is Add);
        Node sum = Assert.Single(
            apart.Nodes, node => node.Operation is Add && node.Inputs.All(input => apart[input].Operation is SumOverExamples));
        Assert.All(sum.Inputs, input => Assert.IsType<Contract>(apart[apart[input].Inputs[0]].Operation));
    }

    /// <summary>The gradients of a model as this pass meets them.</summary>
    private static Graph Hoisted(string members)
    {
        TracedModel traced = Tracing.TraceModel("[HyperModel] public sealed partial class M : Model { " + members + """
            }
            [Network] public sealed partial class Twice : Cell
            {
                [State] Tensor h = Zeros(4);
                readonly Weight w = new(4, 4);
                public override Tensor Step(Tensor x)
                {
                    h = Tanh(Dot(w, Tanh(Dot(w, h) + x)));
                    return h;
                }
            }
            """);
        Graph graph = Differentiate.Run(
            Compiler.Prepare(traced.Entries[0].Training!, CancellationToken.None), traced.Parameters, CancellationToken.None);
        graph = SliceEarly.Run(Simplify.Run(graph, CancellationToken.None), CancellationToken.None);
        return HoistFromScan.Run(graph, CancellationToken.None, MachineCosts.Processor);
    }
}

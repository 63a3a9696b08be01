using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Passes;

/// <summary>Weight matrices that differ at every step and for every example are never stored, neither forward nor backward.</summary>
public class GeneratedWeightsTests
{
    private const int Units = 24;

    /// <summary>Equation 5 of Ha, Dai and Le 2016 with the substitution that makes equation 8 of it, as somebody would write it down.</summary>
    private const string ScaledRows = """
        [Network] public sealed partial class Own(int inputs, int units) : Cell
        {
            [State] Tensor h = Zeros(units);
            [Hyper] readonly Rnn hyper = new(units + inputs, 3);
            readonly Linear zh = new(3, 2), zx = new(3, 2);
            readonly Weight dh = new(units, 2), dx = new(units, 2), wh = new(units, units), wx = new(units, inputs);
            public override Tensor Step(Tensor x)
            {
                Tensor a = hyper.Step(Concat(0, h, x));
                Tensor Wh = Dot(Diag(Dot(dh, zh.Call(a))), wh);
                Tensor Wx = Dot(Diag(Dot(dx, zx.Call(a))), wx);
                h = Tanh(Dot(Wh, h) + Dot(Wx, x));
                return h;
            }
        }
        """;

    [Theory]
    [InlineData("new Own(20, 24)")]
    [InlineData("new HyperRnn(20, 24, 3, 2)")]
    [InlineData("new HyperRnn(20, 24, 3, 2, fullRank: true)")]
    [InlineData("new HyperLstm(20, 24, 3, 2)")]
    public void No_matrix_of_an_example_is_stored(string cell)
    {
        TracedModel model = Tracing.TraceModel($$"""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Cell cell = {{cell}};
                [Loss] public Tensor L([Steps, Shape(20)] Tensor x) => MeanOverSteps(Sum(cell.Scan(x)));
            }

            """ + ScaledRows);
        Graph graph = Differentiate.Run(
            Compiler.Prepare(model.Entries[0].Training!, CancellationToken.None), model.Parameters, CancellationToken.None);
        RoutineProgram program = Scheduler.Run(
            Compiler.Machine(graph, CancellationToken.None), model.Parameters, CancellationToken.None, MachineCosts.Processor);
        // A step's gates are four vectors of units, and the hyper cell's input is one of 44; a matrix has 480 numbers at least.
        Assert.DoesNotContain(
            program.Storages, storage => storage.PerExample && storage.Place is (Place.Scratch or Place.Batch or Place.Sequence) && storage.Size >= Units * 20);
    }

    [Fact]
    public void A_product_with_a_diagonal_matrix_is_a_scaling()
    {
        string printed = Tracing.Print(
            "readonly Weight w = new(4, 5); Tensor Run(Tensor x) => Dot(Dot(w, Dot(Diag(x[..5]), w[0])), Dot(Diag(x[5..]), w));",
            "[Shape(9)] Tensor x");
        Assert.DoesNotContain("pad", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_diagonal_matrix_alone_nothing_is_changed()
    {
        string printed = Tracing.Print("Tensor Run(Tensor x) => Diag(x) + Dot(Diag(x), Diag(x));");
        Assert.Equal(1, printed.Split("pad(").Length - 1);
    }
}

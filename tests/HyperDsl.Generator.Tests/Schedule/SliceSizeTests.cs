using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Schedule;

public class SliceSizeTests
{
    /// <summary>4 · units² weights are read at every step: 4 MB stay near a core, 9 MB do not.</summary>
    [Theory]
    [InlineData(512, 16)]
    [InlineData(768, 64)]
    public void Loops_over_large_weights_take_more_rows_at_a_time(int units, int rows)
    {
        TracedModel model = Tracing.TraceModel($$"""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Cell cell = new Lstm(20, {{units}});
                [Loss] public Tensor L([Steps, Shape(20)] Tensor x) => MeanOverSteps(Sum(cell.Scan(x)));
            }
            """);
        Graph graph = Differentiate.Run(
            Compiler.Prepare(model.Entries[0].Training!, CancellationToken.None), model.Parameters, CancellationToken.None);
        RoutineProgram program = Scheduler.Run(
            Compiler.Machine(graph, CancellationToken.None), model.Parameters, CancellationToken.None, MachineCosts.Processor);
        Assert.Equal(rows, program.SliceRows);
    }

    /// <summary>For the processor; a GPU takes the whole batch at once.</summary>
    [Fact]
    public void A_model_can_say_how_many_examples_a_worker_takes()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel(SliceExamples = 24)] public sealed partial class M : Model
            {
                readonly Linear layer = new(20, 5);
                [Loss] public Tensor L([Shape(20)] Tensor x) => Sum(layer.Call(x));
            }
            """);
        Assert.Equal(24, model.SliceExamples);
        string emitted = string.Concat(Compiler.Compile(model, CancellationToken.None).Select(file => file.Text));
        Assert.Contains("public override int SliceRows => 24;", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain("public override int SliceRows => 16;", emitted, StringComparison.Ordinal);
    }
}

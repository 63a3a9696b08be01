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
        RoutineProgram program = Scheduler.Run(Compiler.Machine(graph, CancellationToken.None), model.Parameters, CancellationToken.None);
        Assert.Equal(rows, program.SliceRows);
    }
}

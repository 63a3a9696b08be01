using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Schedule;

public class DeviceSchedulerTests
{
    /// <summary>Kernels know no displacements; without a word they would read the first part of a buffer for all of them.</summary>
    [Fact]
    public void A_routine_scheduled_for_the_processor_is_refused()
    {
        TracedModel model = Tracing.TraceModel("""
            [HyperModel] public sealed partial class M : Model
            {
                readonly Weight w = new(8);
                [Predict] public Tensor P([Shape(16)] Tensor x) => Tanh(x[..8]) * x[8..] * w;
            }
            """);
        RoutineProgram Scheduled(MachineCosts costs) => Scheduler.Run(
            Compiler.Machine(model.Entries[0].Evaluation, CancellationToken.None, costs), model.Parameters, CancellationToken.None, costs);
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => DeviceScheduler.Run(Scheduled(MachineCosts.Processor), LoopForm.Automatic));
        Assert.Contains("MachineCosts.Gpu", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(DeviceScheduler.Run(Scheduled(MachineCosts.Gpu), LoopForm.Automatic).Phases);
    }
}

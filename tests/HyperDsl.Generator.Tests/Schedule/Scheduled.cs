using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Tests.Trace;

namespace HyperDsl.Generator.Tests.Schedule;

/// <summary>Models up to the last stage before emission.</summary>
internal static class Scheduled
{
    /// <summary>The training routine of a model's first entry.</summary>
    public static RoutineProgram Training(string model, MachineCosts costs)
    {
        TracedModel traced = Tracing.TraceModel(model);
        Graph graph = Differentiate.Run(
            Compiler.Prepare(traced.Entries[0].Training!, CancellationToken.None, costs), traced.Parameters, CancellationToken.None, costs);
        return Scheduler.Run(Compiler.Machine(graph, CancellationToken.None, costs), traced.Parameters, CancellationToken.None, costs);
    }
}

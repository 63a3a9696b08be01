using HyperDsl.Compiled.Tests;
using HyperDsl.Generator;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Gpu.Tests;

/// <summary>What gradients of weights are products of keeps its memory, so that all of them are one launch, if that takes little more memory.</summary>
public sealed class FactorRoomTests
{
    /// <summary>Three layers: their factors need a fifth more room than without.</summary>
    [Theory]
    [InlineData(0.25, true)]
    [InlineData(0.15, false)]
    public void Room_decides(double more, bool keeps)
    {
        RoutineProgram least = Program(MachineCosts.Gpu with { RoomForFactors = 0 });
        RoutineProgram program = Program(MachineCosts.Gpu with { RoomForFactors = more });
        Assert.Equal([2, 1], GradientsOf(least));
        Assert.Equal(keeps ? [3] : [2, 1], GradientsOf(program));
        Assert.InRange(program.ScratchSize, least.ScratchSize, least.ScratchSize * (1 + more));
        Assert.Equal(keeps, program.ScratchSize > least.ScratchSize);
    }

    /// <summary>How many gradients of weights each launch makes that makes any.</summary>
    private static int[] GradientsOf(RoutineProgram program) =>
    [
        .. DeviceScheduler.Run(program, LoopForm.Automatic).Phases.SelectMany(phase => phase.Steps).SelectMany(DeviceMemory.LaunchesOf)
            .Select(launch => launch.Kernel switch
            {
                ProductSumsKernel sums => sums.Sums.Count,
                ProductKernel { InnerIsOpen: true } => 1,
                _ => 0,
            })
            .Where(gradients => gradients > 0),
    ];

    private static RoutineProgram Program(MachineCosts costs)
    {
        CaseBuilder builder = new();
        TestModel model = builder.Training(FusionCases.All["gradients of layers"](builder));
        Graph graph = Generator.Compiler.Machine(model.Differentiated(), CancellationToken.None, costs);
        return Scheduler.Run(graph, model.Parameters, CancellationToken.None, costs);
    }
}

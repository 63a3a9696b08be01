using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// All phases but the first become one list. A worker of the processor waits at the end of a phase for others; a device takes launches in order,
/// so only the first phase, which is left out while weights stay the same, is anything of its own.
/// </summary>
internal static class PhasesAsOne
{
    public static DeviceProgram Run(DeviceProgram program)
    {
        if (program.Phases.Count <= 2)
        {
            return program;
        }
        DevicePhase[] others = [.. program.Phases.Skip(1)];
        DevicePhase[] adding = [.. others.Where(phase => phase.LaneSize > 0)];
        int begin = adding.Select(phase => phase.LaneOffset).DefaultIfEmpty(0).Min();
        int end = adding.Select(phase => phase.LaneOffset + phase.LaneSize).DefaultIfEmpty(0).Max();
        DevicePhase one = new(others.SelectMany(phase => phase.Steps).ToEquatable(), begin, end - begin);
        return program with { Phases = new EquatableArray<DevicePhase>(program.Phases[0], one) };
    }
}

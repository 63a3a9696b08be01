using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Loops over time as kernels that walk the whole sequence, instead of launches for every step from the host. Where a step is quicker on the
/// whole device (<see cref="LoopSizes"/>), or needs more than an example's own rows and shared weights, the host keeps the loop.
/// </summary>
internal static class LoopsOnDevice
{
    public static DeviceProgram Run(DeviceProgram program, LoopForm loops)
    {
        if (loops == LoopForm.Host || !program.Phases.Any(phase => phase.Steps.Any(step => step is DeviceLoop)))
        {
            return program;
        }
        TransposedWeights weights = new(program.Source);
        DevicePhase[] phases = program.Phases.ToArray();
        for (int phase = 0; phase < phases.Length; phase++)
        {
            phases[phase] = phases[phase] with
            {
                Steps = phases[phase].Steps.SelectMany(step => step is DeviceLoop loop ? Walk(program, loop, loops, weights) : [step]).ToEquatable(),
            };
        }
        phases[0] = phases[0] with { Steps = phases[0].Steps.Concat(weights.OfParameters).ToEquatable() };
        return new DeviceProgram(
            phases.ToEquatable(), program.Source with { Storages = weights.Storages, SharedSize = weights.SharedSize });
    }

    private static IEnumerable<DeviceStep> Walk(DeviceProgram program, DeviceLoop loop, LoopForm loops, TransposedWeights weights)
    {
        Launch[] body = loop.Body.Cast<Launch>().ToArray();
        HashSet<int> readElsewhere = [.. program.Phases.SelectMany(phase => phase.Steps).Where(step => !ReferenceEquals(step, loop))
            .SelectMany(DeviceMemory.LaunchesOf).SelectMany(DeviceMemory.ReadBy).Select(operand => operand.Storage)];
        if (LoopKernelBuilder.Build(program.Source.Storages, body, loop.FromLast, readElsewhere) is null
            || (loops == LoopForm.Automatic && !new LoopSizes(body).FavourWalk))
        {
            return [loop];
        }
        int before = weights.OfOthers.Count;
        Launch[] arranged = body.Select(launch => launch.Kernel is ProductKernel ? weights.Arranged(launch) : launch).ToArray();
        Launch walk = LoopKernelBuilder.Build(weights.Storages, arranged, loop.FromLast, readElsewhere)!;
        return weights.OfOthers.Skip(before).Append(walk);
    }
}

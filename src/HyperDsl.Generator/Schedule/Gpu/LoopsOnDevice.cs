using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// Loops over time as kernels that walk the whole sequence, or as launches of the host for every step (<see cref="HostLoop"/>) where a step is
/// quicker so (<see cref="LoopSizes"/>), or needs more than an example's own rows and shared weights.
/// </summary>
internal sealed class LoopsOnDevice
{
    private readonly DeviceProgram program;
    private readonly LoopForm form;
    private readonly GrowingStorages storages;
    private readonly TransposedWeights weights;

    private LoopsOnDevice(DeviceProgram program, LoopForm form)
    {
        (this.program, this.form) = (program, form);
        storages = new GrowingStorages(program.Source);
        weights = new TransposedWeights(storages);
    }

    public static DeviceProgram Run(DeviceProgram program, LoopForm form) =>
        program.Phases.Any(phase => phase.Steps.Any(step => step is DeviceLoop)) ? new LoopsOnDevice(program, form).Run() : program;

    /// <summary>Storages that launches outside of a loop read.</summary>
    public static HashSet<int> ReadOutside(DeviceProgram program, DeviceLoop loop) =>
        [.. program.Phases.SelectMany(phase => phase.Steps).Where(step => !ReferenceEquals(step, loop))
            .SelectMany(DeviceMemory.LaunchesOf).SelectMany(DeviceMemory.ReadBy).Select(operand => operand.Storage)];

    private DeviceProgram Run()
    {
        DevicePhase[] phases = program.Phases.ToArray();
        for (int phase = 0; phase < phases.Length; phase++)
        {
            phases[phase] = phases[phase] with
            {
                Steps = phases[phase].Steps.SelectMany(step => step is DeviceLoop loop ? Of(loop) : [step]).ToEquatable(),
            };
        }
        phases[0] = phases[0] with { Steps = phases[0].Steps.Concat(weights.OfParameters).ToEquatable() };
        return new DeviceProgram(phases.ToEquatable(), storages.Of(program.Source));
    }

    private IEnumerable<DeviceStep> Of(DeviceLoop loop)
    {
        Launch[] body = loop.Body.Cast<Launch>().ToArray();
        int before = weights.OfOthers.Count;
        HostLoop host = HostLoop.Of(program with { Source = storages.Of(program.Source) }, loop);
        bool walks = form != LoopForm.Host && Walk(loop, body) is not null
            && (form == LoopForm.Device || new LoopSizes(body).FavourWalk(host.Segments));
        DeviceStep arranged = walks ? Walk(loop, Array.ConvertAll(body, weights.Arranged))! : host.Launches(loop.FromLast, storages, weights);
        return weights.OfOthers.Skip(before).Append(arranged);
    }

    private Launch? Walk(DeviceLoop loop, Launch[] body) => LoopKernelBuilder.Build(
        storages.All, body, loop.FromLast ? StepOrder.FromLast : StepOrder.FromFirst, ReadOutside(program, loop));
}

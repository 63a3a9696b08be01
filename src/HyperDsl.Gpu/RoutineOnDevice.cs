using HyperDsl.Execution;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>A routine with its memory on a device.</summary>
internal sealed class RoutineOnDevice : IDisposable
{
    private readonly GpuRoutine routine;
    private readonly DeviceBuffer<float> shared;
    private readonly InputBuffers inputs;
    private readonly OutputBuffers outputs;
    private readonly GpuRun run;
    private (long Version, ulong RandomKey, int Examples, int Steps)? prepared;

    public RoutineOnDevice(
        GpuDevice device, DeviceArena arena, GpuRoutine routine, IReadOnlyList<InputPlan> inputPlans, IReadOnlyList<OutputPlan> outputPlans)
    {
        this.routine = routine;
        shared = new DeviceBuffer<float>(device);
        inputs = new InputBuffers(device, inputPlans);
        outputs = new OutputBuffers(device, outputPlans);
        run = new GpuRun(device, arena, routine, shared);
    }

    public bool Updates => routine.Updates;

    /// <summary>Launches all phases; the first one only if parameters, random key or sizes are new.</summary>
    public void Run(
        IReadOnlyList<InputColumn<float>> columns,
        int examples,
        int steps,
        MemoryBuffer1D<float, Stride1D.Dense> parameters,
        MemoryBuffer1D<float, Stride1D.Dense> gradients,
        MemoryBuffer1D<float, Stride1D.Dense> updates,
        long version,
        ulong randomKey)
    {
        inputs.Load(columns, examples, steps);
        outputs.Prepare(examples, steps);
        run.Begin(
            parameters.View.BaseView, gradients.View.BaseView, updates.View.BaseView, inputs, outputs, examples, steps, randomKey);
        (long, ulong, int, int) wanted = (version, randomKey, examples, steps);
        int first = routine.Phases > 1 && prepared == wanted ? 1 : 0;
        prepared = null;
        for (int phase = first; phase < routine.Phases; phase++)
        {
            routine.Run(phase, run);
        }

        prepared = wanted;
    }

    /// <summary>Copies outputs of the last run to the host.</summary>
    public void ReadOutputs(IReadOnlyList<Memory<float>> targets) => outputs.Read(targets, run.Examples, run.Steps);

    public void Dispose()
    {
        shared.Dispose();
        inputs.Dispose();
        outputs.Dispose();
    }
}

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
    private readonly int firstState;
    private (long Version, ulong RandomKey, int Examples, int Steps)? prepared;

    /// <summary>Makes room for what a routine needs for itself.</summary>
    /// <param name="device">The device.</param>
    /// <param name="arena">What all routines of the model use in turn.</param>
    /// <param name="routine">The routine.</param>
    /// <param name="inputPlans">Its inputs, those of states behind the others.</param>
    /// <param name="outputPlans">Its outputs.</param>
    /// <param name="firstState">Number of the first output that is a state.</param>
    public RoutineOnDevice(
        GpuDevice device, DeviceArena arena, GpuRoutine routine, IReadOnlyList<InputPlan> inputPlans, IReadOnlyList<OutputPlan> outputPlans, int firstState)
    {
        (this.routine, this.firstState) = (routine, firstState);
        shared = new DeviceBuffer<float>(device);
        inputs = new InputBuffers(device, inputPlans);
        outputs = new OutputBuffers(device, outputPlans);
        run = new GpuRun(device, arena, routine, shared);
    }

    public bool Updates => routine.Updates;

    /// <summary>Launches all phases; the first one only if parameters, random key or sizes are new.</summary>
    public void Run(
        IReadOnlyList<InputColumn<float>> columns,
        IReadOnlyList<CarriedState> states,
        int examples,
        int steps,
        MemoryBuffer1D<float, Stride1D.Dense> parameters,
        MemoryBuffer1D<float, Stride1D.Dense> gradients,
        MemoryBuffer1D<float, Stride1D.Dense> updates,
        long version,
        ulong randomKey)
    {
        inputs.Load(columns, states, examples, steps);
        outputs.Prepare(states, firstState, examples, steps);
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

using HyperDsl.Execution;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>A routine with its memory on a device.</summary>
internal sealed class RoutineOnDevice : IDisposable
{
    private readonly GpuDevice device;
    private readonly GpuRoutine routine;
    private readonly EntryPlan entry;
    private readonly DeviceBuffer<float> shared;
    private readonly InputBuffers inputs;
    private readonly GpuRun run;
    private readonly int outputSize;
    private float[] staging = [];
    private (long Version, ulong RandomKey, int Examples, int Steps)? prepared;

    public RoutineOnDevice(GpuDevice device, DeviceArena arena, GpuRoutine routine, EntryPlan entry)
    {
        (this.device, this.routine, this.entry) = (device, routine, entry);
        shared = new DeviceBuffer<float>(device);
        inputs = new InputBuffers(device, entry.Inputs);
        run = new GpuRun(device, arena, routine, shared);
        outputSize = entry.IsLoss ? 0 : entry.OutputShape.Aggregate(1, (product, length) => product * length);
    }

    public bool Updates => routine.Updates;

    private int Predicted => checked(run.Examples * outputSize * (entry.OutputSteps ? run.Steps : 1));

    /// <summary>Launches all phases; the first one only if parameters, random key or sizes are new.</summary>
    public void Run(
        in DeviceBatch batch,
        MemoryBuffer1D<float, Stride1D.Dense> parameters,
        MemoryBuffer1D<float, Stride1D.Dense> gradients,
        MemoryBuffer1D<float, Stride1D.Dense> updates,
        long version,
        ulong randomKey)
    {
        inputs.Load(batch);
        int predicted = checked(batch.Examples * outputSize * (entry.OutputSteps ? batch.Steps : 1));
        run.Begin(
            parameters.View.BaseView, gradients.View.BaseView, updates.View.BaseView, inputs, batch.Examples, batch.Steps, predicted, randomKey);
        (long, ulong, int, int) wanted = (version, randomKey, batch.Examples, batch.Steps);
        int first = routine.Phases > 1 && prepared == wanted ? 1 : 0;
        prepared = null;
        for (int phase = first; phase < routine.Phases; phase++)
        {
            routine.Run(phase, run);
        }

        prepared = wanted;
    }

    /// <summary>Copies the predictions of the last run to the host, example after example.</summary>
    public void ReadPredictions(Span<float> target)
    {
        int count = Predicted;
        bool arranged = entry.OutputSteps && run.Steps > 1;
        if (arranged && staging.Length < count)
        {
            staging = new float[count];
        }

        Span<float> destination = arranged ? staging.AsSpan(0, count) : target;
        run.Predictions.CopyToCPU(device.Stream, destination);
        device.Synchronize();
        if (arranged)
        {
            SliceLayout.Restore<float>(destination, target, run.Examples, run.Steps, outputSize, run.Examples);
        }
    }

    public void Dispose()
    {
        shared.Dispose();
        inputs.Dispose();
    }
}

using HyperDsl.Execution;
using HyperDsl.Training;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>Runs one model's routines. Parameters, gradients and the optimiser's numbers stay on the device.</summary>
internal sealed class GpuExecutor : DeviceExecutor
{
    private readonly GpuDevice device;
    private readonly GpuPlan plan;
    private readonly ParameterStore store;
    private readonly DeviceArena arena;
    private readonly CarriedStates states;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> parameters;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> gradients;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> updates;
    private readonly Dictionary<(string Entry, bool Training, bool Watching), RoutineOnDevice> routines = [];
    private readonly float[] loss = new float[1];
    private readonly Action fetchParameters;
    private readonly Action fetchGradients;
    private DeviceOptimizer? optimizerOnDevice;
    private long uploadedVersion = -1;
    private GradientStore? owner;
    private long ownerVersion;

    public GpuExecutor(GpuDevice device, Model model, GpuPlan plan)
    {
        (this.device, this.plan, store) = (device, plan, model.Parameters);
        arena = new DeviceArena(device);
        states = new CarriedStates(device);
        int length = Math.Max(store.Length, 1);
        parameters = device.Allocate<float>(length);
        gradients = device.Allocate<float>(length);
        updates = device.Allocate<float>(length);
        fetchParameters = () => Fetch(parameters, store.Unrefreshed);
        fetchGradients = () => Fetch(gradients, owner!.Unrefreshed);
    }

    public override double Evaluate(EntryCall call, Batch batch, Memory<float> predictions)
    {
        RoutineOnDevice routine = Routine(call, training: false);
        InputColumn<float>[] inputs = call.Inputs(batch);
        Upload();
        Run(routine, call, inputs, batch, randomKey: 0);
        return Finish(routine, call, batch, predictions);
    }

    public override double Train(EntryCall call, Batch batch, GradientStore gradientStore, ulong randomKey)
    {
        RoutineOnDevice routine = Routine(call, training: true);
        InputColumn<float>[] inputs = call.Inputs(batch);
        Upload();
        Own(gradientStore);
        gradients.View.BaseView.MemSetToZero(device.Stream);
        if (routine.Updates)
        {
            CopyUntrained(parameters, updates);
        }

        Run(routine, call, inputs, batch, randomKey);
        gradientStore.Host.BecomeStale(fetchGradients);
        ownerVersion = gradientStore.Host.Version;
        double mean = Finish(routine, call, batch, default);
        if (routine.Updates && double.IsFinite(mean))
        {
            CopyUntrained(updates, parameters);
            ParametersChanged();
        }

        return mean;
    }

    public override void Update(
        Optimizer optimizer, GradientStore gradientStore, long step, ReadOnlySpan<Optimizer.Segment> segments)
    {
        Upload();
        bool newer = owner != gradientStore || ownerVersion != gradientStore.Host.Version;
        Own(gradientStore);
        if (newer)
        {
            gradientStore.Host.Refresh();
            device.CopyFromHost<float>(gradientStore.Unrefreshed, gradients.View.BaseView);
        }

        if (optimizerOnDevice?.Optimizer != optimizer)
        {
            optimizerOnDevice?.Dispose();
            optimizerOnDevice = new DeviceOptimizer(device, optimizer, store.Length);
        }

        optimizerOnDevice.Step(parameters.View.BaseView, gradients.View.BaseView, step, segments);
        if (double.IsFinite(optimizer.ClipNorm) || double.IsFinite(optimizer.ClipValue))
        {
            gradientStore.Host.BecomeStale(fetchGradients);
            ownerVersion = gradientStore.Host.Version;
        }

        ParametersChanged();
    }

    public override void Dispose()
    {
        owner?.Host.Refresh();
        store.Host.Refresh();
        optimizerOnDevice?.Dispose();
        foreach (RoutineOnDevice routine in routines.Values)
        {
            routine.Dispose();
        }

        states.Dispose();
        arena.Dispose();
        device.Release(parameters);
        device.Release(gradients);
        device.Release(updates);
    }

    private RoutineOnDevice Routine(EntryCall call, bool training)
    {
        if (!routines.TryGetValue((call.Plan.Name, training, call.IsWatching), out RoutineOnDevice? routine))
        {
            GpuEntry found = plan.Find(call.Plan.Name);
            Func<GpuRoutine>? make = (call.IsWatching, training) switch
            {
                (false, false) => found.Evaluate,
                (false, true) => found.Train,
                (true, false) => found.WatchEvaluate,
                (true, true) => found.WatchTrain,
            };
            routine = new RoutineOnDevice(
                device,
                arena,
                make?.Invoke() ?? throw new InvalidOperationException($"'{call.Plan.Name}' was compiled without such a routine; rebuild the project."),
                call.InputPlans,
                call.OutputPlans,
                firstState: call.Plan.IsLoss ? 0 : 1);
            routines.Add((call.Plan.Name, training, call.IsWatching), routine);
        }

        return routine;
    }

    private void Run(RoutineOnDevice routine, EntryCall call, InputColumn<float>[] inputs, Batch batch, ulong randomKey)
    {
        routine.Run(
            inputs, states.Begin(call.Plan, batch.State), batch.Count, Math.Max(1, batch.Steps), parameters, gradients, updates, store.Version, randomKey);
        states.Finish();
        call.Finish(batch);
    }

    /// <summary>Copies to the host what the caller asks for.</summary>
    private double Finish(RoutineOnDevice routine, EntryCall call, Batch batch, Memory<float> predictions)
    {
        routine.ReadOutputs(call.Outputs(batch, predictions, keepsStates: true));
        return call.Plan.IsLoss ? ReadLoss() : 0;
    }

    /// <summary>Copies parameters that the host changed.</summary>
    private void Upload()
    {
        if (uploadedVersion != store.Version)
        {
            // Asking for the buffer fills weights that nobody has asked for yet, and fetches what a device has newer.
            device.CopyFromHost<float>(store.Buffer.Span[..store.Length], parameters.View.BaseView);
            uploadedVersion = store.Version;
        }
    }

    private void ParametersChanged()
    {
        store.MarkChanged();
        uploadedVersion = store.Version;
        store.Host.BecomeStale(fetchParameters);
    }

    /// <summary>The device has room for one store's gradients: those of another are copied back first.</summary>
    private void Own(GradientStore gradientStore)
    {
        if (owner != gradientStore)
        {
            owner?.Host.Refresh();
            gradientStore.Host.Refresh();
            owner = gradientStore;
        }

        ownerVersion = gradientStore.Host.Version;
    }

    private void CopyUntrained(MemoryBuffer1D<float, Stride1D.Dense> from, MemoryBuffer1D<float, Stride1D.Dense> to)
    {
        foreach (ParameterPlan parameter in store.Parameters)
        {
            if (!parameter.Trained)
            {
                int count = parameter.Shape.Aggregate(1, (product, length) => product * length);
                from.View.BaseView.SubView(parameter.Offset, count).CopyTo(device.Stream, to.View.BaseView.SubView(parameter.Offset, count));
            }
        }
    }

    private double ReadLoss()
    {
        device.CopyToHost(arena.Loss.All, loss.AsSpan());
        return loss[0];
    }

    private void Fetch(MemoryBuffer1D<float, Stride1D.Dense> from, Span<float> to) => device.CopyToHost(from.View.BaseView, to);
}

namespace HyperDsl.Execution;

/// <summary>
/// Something other than this processor that computes models. Kinds of devices come from assemblies of their own, such as
/// HyperDsl.Gpu; <see cref="Model.To"/> moves a model there.
/// </summary>
public abstract class Device : IDisposable
{
    internal Device()
    {
    }

    /// <summary>What the device calls itself.</summary>
    public abstract string Name { get; }

    /// <summary>Makes what runs a model's routines on the device.</summary>
    /// <exception cref="InvalidOperationException">The model was not compiled for such devices.</exception>
    internal abstract DeviceExecutor Prepare(Model model, DevicePlan? plan);

    /// <summary>Gives the device back. Models on it have to be moved away before.</summary>
    public abstract void Dispose();
}

/// <summary>A model's routines for a kind of devices, written by the compiler.</summary>
public abstract class DevicePlan;

/// <summary>
/// Runs one model's routines on a device, where parameters, gradients and the optimiser's numbers stay between calls; only batches,
/// and what the host asks for, are copied.
/// </summary>
internal abstract class DeviceExecutor : IDisposable
{
    /// <summary>Runs an entry without gradients.</summary>
    /// <returns>The mean loss, or 0 if the entry predicts.</returns>
    public abstract double Evaluate(EntryCall call, Batch batch, Memory<float> predictions);

    /// <summary>Runs a loss with gradients, which stay on the device until they are asked for.</summary>
    public abstract double Train(EntryCall call, Batch batch, GradientStore gradients, ulong randomKey);

    /// <summary>Takes an optimiser's step with gradients that <see cref="Train"/> computed.</summary>
    public abstract void Update(
        Training.Optimizer optimizer, GradientStore gradients, long step, ReadOnlySpan<Training.Optimizer.Segment> segments);

    public abstract void Dispose();
}

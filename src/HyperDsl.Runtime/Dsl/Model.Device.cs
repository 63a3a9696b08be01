using HyperDsl.Execution;

namespace HyperDsl;

/// <content>Where the compiled entry points run.</content>
public abstract partial class Model
{
    private DeviceExecutor? executor;

    /// <summary>The device that compiled calls run on; null for this processor.</summary>
    public Device? Device { get; private set; }

    /// <summary>Routines for devices, written by the compiler; <c>null</c> where it did not write any.</summary>
    protected virtual DevicePlan? DevicePlan => null;

    /// <summary>
    /// Moves the model to a device, or back to this processor. From then on losses, predictions and training run there; parameters
    /// stay there and are copied back when they are asked for, so saving, loading and reading weights work as ever. Predictions of
    /// <see cref="BakedModel"/> and calls in double precision keep running on this processor.
    /// </summary>
    /// <param name="device">The device; null for this processor.</param>
    /// <exception cref="InvalidOperationException">The model was not compiled for such devices.</exception>
    public void To(Device? device)
    {
        if (device == Device)
        {
            return;
        }
        Parameters.Host.Refresh();
        DeviceExecutor? next = device?.Prepare(this, DevicePlan);
        executor?.Dispose();
        (executor, Device) = (next, device);
    }

    /// <summary>Takes an optimiser's step where the model is.</summary>
    internal void Update(
        Training.Optimizer optimizer, GradientStore gradients, long step, ReadOnlySpan<Training.Optimizer.Segment> segments)
    {
        if (executor is null)
        {
            optimizer.Step(Parameters.Values, gradients.Values, step, segments);
        }
        else
        {
            executor.Update(optimizer, gradients, step, segments);
        }
    }
}

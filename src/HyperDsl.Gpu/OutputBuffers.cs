using HyperDsl.Execution;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>What a routine gives for each example, on the device, and the way from there to the caller.</summary>
internal sealed class OutputBuffers : IDisposable
{
    private readonly GpuDevice device;
    private readonly IReadOnlyList<OutputPlan> plans;
    private readonly DeviceBuffer<float>[] buffers;
    private readonly ArrayView<float>[] views;
    private float[] arranged = [];

    public OutputBuffers(GpuDevice device, IReadOnlyList<OutputPlan> plans)
    {
        (this.device, this.plans) = (device, plans);
        buffers = [.. plans.Select(_ => new DeviceBuffer<float>(device))];
        views = new ArrayView<float>[plans.Count];
    }

    public ArrayView<float> View(int output) => views[output];

    /// <summary>Makes room for all outputs, also for those that nobody reads: the routine writes them.</summary>
    /// <param name="states">States that stay on the device.</param>
    /// <param name="firstState">Number of the first state.</param>
    /// <param name="examples">Examples of the batch.</param>
    /// <param name="steps">Steps of time.</param>
    public void Prepare(IReadOnlyList<CarriedState> states, int firstState, int examples, int steps)
    {
        for (int output = 0; output < buffers.Length; output++)
        {
            int state = output - firstState;
            views[output] = state >= 0 && state < states.Count
                ? states[state].After
                : buffers[output].Of(LayoutOf(output, examples, steps).Length);
        }
    }

    /// <summary>Copies outputs to the host, example after example; an empty target is left out.</summary>
    public void Read(IReadOnlyList<Memory<float>> targets, int examples, int steps)
    {
        for (int output = 0; output < buffers.Length; output++)
        {
            if (!targets[output].IsEmpty)
            {
                Read(output, targets[output].Span, examples, steps);
            }
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer<float> buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    private void Read(int output, Span<float> target, int examples, int steps)
    {
        SliceLayout layout = LayoutOf(output, examples, steps);
        bool arranges = layout.Steps > 1;
        if (arranges && arranged.Length < layout.Length)
        {
            arranged = new float[layout.Length];
        }

        Span<float> destination = arranges ? arranged.AsSpan(0, layout.Length) : target[..layout.Length];
        device.CopyToHost(buffers[output].All, destination);
        if (arranges)
        {
            SliceLayout.Restore<float>(destination, target, examples, layout.Steps, layout.Size, examples);
        }
    }

    private SliceLayout LayoutOf(int output, int examples, int steps)
    {
        OutputPlan plan = plans[output];
        int size = plan.Shape.Aggregate(1, (product, length) => checked(product * length));
        return new SliceLayout(examples, plan.Steps ? steps : 1, size, examples);
    }
}

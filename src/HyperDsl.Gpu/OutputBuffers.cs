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
    private float[] arranged = [];

    public OutputBuffers(GpuDevice device, IReadOnlyList<OutputPlan> plans)
    {
        (this.device, this.plans) = (device, plans);
        buffers = [.. plans.Select(_ => new DeviceBuffer<float>(device))];
    }

    public ArrayView<float> View(int output) => buffers[output].All;

    /// <summary>Makes room for all outputs, also for those that nobody reads: the routine writes them.</summary>
    public void Prepare(int examples, int steps)
    {
        for (int output = 0; output < buffers.Length; output++)
        {
            buffers[output].Of(LayoutOf(output, examples, steps).Length);
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
        buffers[output].All.SubView(0, layout.Length).CopyToCPU(device.Stream, destination);
        device.Synchronize();
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

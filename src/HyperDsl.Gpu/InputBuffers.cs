using HyperDsl.Execution;
using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>The columns of a batch on the device, step after step, in a step example after example.</summary>
internal sealed class InputBuffers : IDisposable
{
    private readonly GpuDevice device;
    private readonly IReadOnlyList<InputPlan> plans;
    private readonly DeviceBuffer<float>?[] reals;
    private readonly DeviceBuffer<int>?[] indices;
    private float[] arranged = [];
    private int[] arrangedIndices = [];

    public InputBuffers(GpuDevice device, IReadOnlyList<InputPlan> plans)
    {
        (this.device, this.plans) = (device, plans);
        reals = [.. plans.Select(plan => plan.Classes > 0 ? null : new DeviceBuffer<float>(device))];
        indices = [.. plans.Select(plan => plan.Classes > 0 ? new DeviceBuffer<int>(device) : null)];
    }

    public ArrayView<float> Real(int input) => reals[input]!.All;

    public ArrayView<int> Index(int input) => indices[input]!.All;

    /// <summary>Copies a checked batch to the device.</summary>
    public void Load(IReadOnlyList<InputColumn<float>> columns, int examples, int steps)
    {
        for (int input = 0; input < plans.Count; input++)
        {
            InputPlan plan = plans[input];
            InputColumn<float> column = columns[input];
            int own = plan.Steps ? steps : 1;
            if (column.IsIndex)
            {
                Copy(column.Indices.Span, new SliceLayout(examples, own, 1, examples), indices[input]!, ref arrangedIndices);
            }
            else
            {
                int size = plan.Shape.Aggregate(1, (product, length) => product * length);
                Copy(column.Reals.Span, new SliceLayout(examples, own, size, examples), reals[input]!, ref arranged);
            }
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer<float>? buffer in reals)
        {
            buffer?.Dispose();
        }

        foreach (DeviceBuffer<int>? buffer in indices)
        {
            buffer?.Dispose();
        }
    }

    private void Copy<T>(ReadOnlySpan<T> column, SliceLayout layout, DeviceBuffer<T> buffer, ref T[] staging)
        where T : unmanaged
    {
        int length = layout.Length;
        ReadOnlySpan<T> source = column[..length];
        if (layout.Steps > 1)
        {
            if (staging.Length < length)
            {
                staging = new T[length];
            }

            layout.Arrange(source, staging.AsSpan(0, length));
            source = staging.AsSpan(0, length);
        }

        buffer.Of(length).CopyFromCPU(device.Stream, source);
    }
}

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
    private readonly ArrayView<float>[] views;
    private float[] arranged = [];
    private int[] arrangedIndices = [];

    public InputBuffers(GpuDevice device, IReadOnlyList<InputPlan> plans)
    {
        (this.device, this.plans) = (device, plans);
        reals = [.. plans.Select(plan => plan.Classes > 0 ? null : new DeviceBuffer<float>(device))];
        views = new ArrayView<float>[plans.Count];
        indices = [.. plans.Select(plan => plan.Classes > 0 ? new DeviceBuffer<int>(device) : null)];
    }

    public ArrayView<float> Real(int input) => views[input];

    public ArrayView<int> Index(int input) => indices[input]!.All;

    /// <summary>Copies a checked batch to the device.</summary>
    /// <param name="columns">The batch.</param>
    /// <param name="states">States that are on the device already; their columns come last.</param>
    /// <param name="examples">Examples of the batch.</param>
    /// <param name="steps">Steps of time.</param>
    public void Load(IReadOnlyList<InputColumn<float>> columns, IReadOnlyList<CarriedState> states, int examples, int steps)
    {
        int copied = plans.Count - (2 * states.Count);
        for (int state = 0; state < states.Count; state++)
        {
            views[copied + (2 * state)] = states[state].Fresh;
            views[copied + (2 * state) + 1] = states[state].Before;
        }

        for (int input = 0; input < copied; input++)
        {
            InputPlan plan = plans[input];
            InputColumn<float> column = columns[input];
            int own = plan.Steps ? steps : 1;
            if (column.IsIndex)
            {
                _ = Copy(column.Indices.Span, new SliceLayout(examples, own, 1, examples), indices[input]!, ref arrangedIndices);
            }
            else
            {
                int size = plan.Shape.Aggregate(1, (product, length) => product * length);
                views[input] = Copy(column.Reals.Span, new SliceLayout(examples, own, size, examples), reals[input]!, ref arranged);
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

    private ArrayView<T> Copy<T>(ReadOnlySpan<T> column, SliceLayout layout, DeviceBuffer<T> buffer, ref T[] staging)
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

        ArrayView<T> target = buffer.Of(length);
        device.CopyFromHost(source, target);
        return target;
    }
}

namespace HyperDsl.Gpu;

/// <summary>A model's memory on a device that all its routines use in turn. It grows with the batch and is then kept.</summary>
internal sealed class DeviceArena(GpuDevice device) : IDisposable
{
    private readonly List<DeviceBuffer<float>> temporaries = [];

    public DeviceBuffer<float> Lanes { get; } = new(device);

    public DeviceBuffer<float> Batch { get; } = new(device);

    public DeviceBuffer<float> BatchSteps { get; } = new(device);

    public DeviceBuffer<float> Scratch { get; } = new(device);

    public DeviceBuffer<float> Sequence { get; } = new(device);

    public DeviceBuffer<float> Loss { get; } = new(device);

    /// <summary>Sums of parts before they are added.</summary>
    public DeviceBuffer<float> Parts { get; } = new(device);

    public DeviceBuffer<float> Temporary(int number)
    {
        while (temporaries.Count <= number)
        {
            temporaries.Add(new DeviceBuffer<float>(device));
        }

        return temporaries[number];
    }

    public void Dispose()
    {
        foreach (DeviceBuffer<float> buffer in temporaries.Concat([Lanes, Batch, BatchSteps, Scratch, Sequence, Loss, Parts]))
        {
            buffer.Dispose();
        }
    }
}

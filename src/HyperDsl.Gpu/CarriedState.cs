using ILGPU;
using ILGPU.Runtime;

namespace HyperDsl.Gpu;

/// <summary>
/// A state of sequences that go on from call to call. It stays on the device until the host asks for it: of two buffers a call reads the one that
/// the call before wrote, and writes the other.
/// </summary>
internal sealed class CarriedState : IDisposable
{
    private readonly GpuDevice device;
    private readonly DeviceBuffer<float> fresh;
    private readonly Action fetch;
    private DeviceBuffer<float> before;
    private DeviceBuffer<float> after;
    private StateValues? owner;
    private long version;
    private float[] uploadedFresh = [];

    public CarriedState(GpuDevice device)
    {
        this.device = device;
        (fresh, before, after) = (new(device), new(device), new(device));
        fetch = () => device.CopyToHost(before.All, owner!.Unrefreshed.AsSpan());
    }

    /// <summary>What a call begins with.</summary>
    public ArrayView<float> Before => before.All;

    /// <summary>1 for each row that begins with what the cell declares instead, else 0.</summary>
    public ArrayView<float> Fresh => fresh.All;

    /// <summary>Where a call leaves the state.</summary>
    public ArrayView<float> After => after.All;

    /// <summary>Makes ready for a call; copies to the device what the host, or another device, changed.</summary>
    public void Begin(StateValues values)
    {
        if (owner != values || version != values.Host.Version)
        {
            GiveBack();
            values.Host.Refresh();
            device.CopyFromHost<float>(values.Unrefreshed, before.Of(values.Unrefreshed.Length));
            (owner, version) = (values, values.Host.Version);
        }

        after.Of(values.Unrefreshed.Length);
        if (!uploadedFresh.AsSpan().SequenceEqual(values.Fresh))
        {
            // Should the device have no room for more, it has none of these either.
            uploadedFresh = [];
            device.CopyFromHost<float>(values.Fresh, fresh.Of(values.Fresh.Length));
            uploadedFresh = [.. values.Fresh];
        }
    }

    /// <summary>The call that <see cref="Begin"/> made ready for was launched.</summary>
    public void Finish()
    {
        (before, after) = (after, before);
        owner!.Host.BecomeStale(fetch);
        version = owner.Host.Version;
    }

    /// <summary>Copies to the host what nobody else has.</summary>
    public void GiveBack()
    {
        if (owner is not null && version == owner.Host.Version)
        {
            owner.Host.Refresh();
        }

        owner = null;
    }

    public void Dispose()
    {
        GiveBack();
        fresh.Dispose();
        before.Dispose();
        after.Dispose();
    }
}

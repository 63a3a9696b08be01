namespace HyperDsl.Execution;

/// <summary>
/// The host's side of numbers that may also lie on a device. Whoever is about to use the host's numbers calls <see cref="Use"/>: if the
/// device has newer ones they are fetched, and from then on the host's count as changed.
/// </summary>
internal sealed class HostCopy
{
    private Action? fetch;

    /// <summary>Counts changes: by a device, or by a use of the host's numbers that may have changed them.</summary>
    public long Version { get; private set; }

    /// <summary>Says that a device now has newer numbers; what another one has is out of date.</summary>
    public void BecomeStale(Action fetchNewer)
    {
        fetch = fetchNewer;
        Version++;
    }

    /// <summary>Brings the host's numbers up to date.</summary>
    public void Refresh()
    {
        // One that fails is still needed.
        fetch?.Invoke();
        fetch = null;
    }

    /// <summary>Brings the host's numbers up to date for somebody who may change them.</summary>
    public void Use()
    {
        Refresh();
        Version++;
    }
}

using HyperDsl.Execution;

namespace HyperDsl.Gpu;

/// <summary>The states of a model's cells on the device, of the sequences that it continued last.</summary>
internal sealed class CarriedStates(GpuDevice device) : IDisposable
{
    private readonly Dictionary<string, CarriedState> states = new(StringComparer.Ordinal);
    private readonly List<CarriedState> called = [];

    /// <summary>The states of a call, in the entry's order, made ready; none for a batch that continues nothing.</summary>
    public IReadOnlyList<CarriedState> Begin(EntryPlan entry, SequenceState? continued)
    {
        called.Clear();
        if (continued is not null)
        {
            for (int i = 0; i < entry.States.Count; i++)
            {
                CarriedState state = Of(entry.States[i].Name);
                state.Begin(continued.Get(entry.States[i].Name));
                called.Add(state);
            }
        }

        return called;
    }

    /// <summary>The call's launches are under way: its states are what they leave.</summary>
    public void Finish()
    {
        foreach (CarriedState state in called)
        {
            state.Finish();
        }
    }

    public void Dispose()
    {
        foreach (CarriedState state in states.Values)
        {
            state.Dispose();
        }
    }

    private CarriedState Of(string name)
    {
        if (!states.TryGetValue(name, out CarriedState? state))
        {
            state = new CarriedState(device);
            states.Add(name, state);
        }

        return state;
    }
}

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Makes one launch of two between the steps that the later one needs and those that need the earlier one.</summary>
/// <param name="conflict">Whether the order of two steps matters.</param>
internal sealed class MeetingPoint(Func<DeviceStep, DeviceStep, bool> conflict)
{
    /// <summary>How many steps may lie between: what is further away hardly ever meets, and the time to look grows with the square.</summary>
    private const int MostBetween = 200;

    /// <summary>Joins a launch with the first earlier one for which there is a place between what the launch needs and what needs the earlier one.</summary>
    /// <param name="steps">What comes before the launch.</param>
    /// <param name="later">The launch.</param>
    /// <param name="join">Makes one launch of an earlier one and it; <c>null</c> if that cannot be.</param>
    public bool TryJoin(List<DeviceStep> steps, Launch later, Func<Launch, Launch?> join)
    {
        int first = Math.Max(0, steps.Count - 1 - MostBetween);
        bool[] needed = NeededBy(launch: later, steps, first);
        for (int i = first; i < steps.Count; i++)
        {
            if (!needed[i] && steps[i] is Launch earlier && join(earlier) is Launch both)
            {
                DeviceStep[] behind = [.. steps.Skip(i + 1)];
                int begin = i + 1;
                steps.RemoveRange(i, steps.Count - i);
                steps.AddRange(behind.Where((_, place) => needed[begin + place]));
                steps.Add(both);
                steps.AddRange(behind.Where((_, place) => !needed[begin + place]));
                return true;
            }
        }
        return false;
    }

    /// <summary>The steps that a launch, or what it needs, must stay behind.</summary>
    private bool[] NeededBy(Launch launch, List<DeviceStep> steps, int first)
    {
        bool[] needed = new bool[steps.Count];
        List<DeviceStep> waiting = [launch];
        for (int i = steps.Count - 1; i >= first; i--)
        {
            // In a chain it is the last one found that needs the next.
            needed[i] = waiting.FindLastIndex(behind => conflict(steps[i], behind)) >= 0;
            if (needed[i])
            {
                waiting.Add(steps[i]);
            }
        }
        return needed;
    }
}

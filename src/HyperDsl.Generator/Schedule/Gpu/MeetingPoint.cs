namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Makes one launch of two between the steps that the later one needs and those that need the earlier one.</summary>
/// <param name="conflict">Whether the order of two steps matters.</param>
internal sealed class MeetingPoint(Func<DeviceStep, DeviceStep, bool> conflict)
{
    /// <summary>How many steps may lie between: what is further away hardly ever meets, and the time to look grows with its square.</summary>
    private const int MostBetween = 200;

    /// <summary>Joins a launch with the first one that is behind no step that it could not be joined past.</summary>
    /// <param name="steps">What comes before the launch.</param>
    /// <param name="later">The launch.</param>
    /// <param name="join">Makes one launch of an earlier one and it; <c>null</c> if that cannot be.</param>
    public bool TryJoin(List<DeviceStep> steps, Launch later, Func<Launch, Launch?> join)
    {
        for (int i = Math.Max(0, steps.Count - 1 - MostBetween); i < steps.Count; i++)
        {
            if (steps[i] is Launch earlier && join(earlier) is Launch both && NeededBy(steps, i, later) is HashSet<int> needed)
            {
                DeviceStep[] behind = [.. steps.Skip(i + 1)];
                steps.RemoveRange(i, steps.Count - i);
                steps.AddRange(behind.Where((_, place) => needed.Contains(i + 1 + place)));
                steps.Add(both);
                steps.AddRange(behind.Where((_, place) => !needed.Contains(i + 1 + place)));
                return true;
            }
        }
        return false;
    }

    /// <summary>The steps behind another that a launch must stay behind; <c>null</c> if the other must stay before one of these.</summary>
    private HashSet<int>? NeededBy(List<DeviceStep> steps, int other, Launch launch)
    {
        HashSet<int> needed = [];
        List<DeviceStep> waiting = [launch];
        // In a chain it is the last one found that needs the next.
        bool IsNeeded(DeviceStep step) => waiting.FindLastIndex(behind => conflict(step, behind)) >= 0;
        for (int i = steps.Count - 1; i > other; i--)
        {
            if (IsNeeded(steps[i]))
            {
                needed.Add(i);
                waiting.Add(steps[i]);
            }
        }
        return IsNeeded(steps[other]) ? null : needed;
    }
}

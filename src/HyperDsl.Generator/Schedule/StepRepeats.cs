namespace HyperDsl.Generator.Schedule;

/// <summary>A run of steps; with several turns, each does the same work as the first on other buffers.</summary>
/// <param name="First">Index of the first step.</param>
/// <param name="Length">Steps of one turn.</param>
/// <param name="Turns">How often the work follows on itself.</param>
internal sealed record StepRun(int First, int Length, int Turns);

/// <summary>
/// Finds work within a phase that repeats for layer after layer, such as the kernels that one generator makes for many layers
/// of a shape.
/// </summary>
internal static class StepRepeats
{
    /// <summary>The longest repeated work that is looked for, in steps.</summary>
    private const int LongestTurn = 48;

    public static IReadOnlyList<StepRun> Find(RoutineProgram program, bool overSlices, IReadOnlyList<Step> steps)
    {
        // Equal work has equal single steps, and numbers are quicker to compare than steps.
        Dictionary<StepBody, int> kinds = [];
        int[] kind = new int[steps.Count];
        for (int i = 0; i < kind.Length; i++)
        {
            StepBody body = StepBody.Of(program, overSlices, [steps[i]]);
            if (!kinds.TryGetValue(body, out kind[i]))
            {
                kind[i] = kinds.Count;
                kinds.Add(body, kind[i]);
            }
        }
        List<StepRun> runs = [];
        int position = 0;
        while (position < steps.Count)
        {
            StepRun best = new(position, 1, 1);
            for (int length = 1; length <= Math.Min(LongestTurn, (steps.Count - position) / 2); length++)
            {
                int turns = Turns(program, overSlices, steps, kind, position, length);
                if (turns > 1 && turns * length > best.Turns * best.Length)
                {
                    best = new StepRun(position, length, turns);
                }
            }
            runs.Add(best);
            position += best.Length * best.Turns;
        }
        return runs;
    }

    private static int Turns(
        RoutineProgram program, bool overSlices, IReadOnlyList<Step> steps, int[] kind, int position, int length)
    {
        StepBody? first = null;
        int turns = 1;
        for (; position + ((turns + 1) * length) <= steps.Count; turns++)
        {
            int start = position + (turns * length);
            for (int i = 0; i < length; i++)
            {
                if (kind[start + i] != kind[position + i])
                {
                    return turns;
                }
            }
            first ??= StepBody.Of(program, overSlices, steps.Skip(position).Take(length).ToArray());
            if (first != StepBody.Of(program, overSlices, steps.Skip(start).Take(length).ToArray()))
            {
                return turns;
            }
        }
        return turns;
    }
}

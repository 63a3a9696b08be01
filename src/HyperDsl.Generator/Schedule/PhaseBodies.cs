namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Which phases of a routine do the same work on different buffers: layers of equal shape. They share one emitted method, so the
/// emitted code grows with the number of different layers, not with the number of layers.
/// </summary>
internal sealed class PhaseBodies
{
    private readonly Dictionary<int, int> firstLike = [];
    private readonly HashSet<int> shared = [];

    /// <summary>One phase of every kind, in order.</summary>
    public IEnumerable<int> FirstPhases =>
        firstLike.Where(pair => pair.Key == pair.Value).Select(pair => pair.Key).OrderBy(phase => phase);

    public int FirstPhaseLike(int phase) => firstLike[phase];

    /// <summary>Whether several phases use the method of this one.</summary>
    public bool IsShared(int firstPhase) => shared.Contains(firstPhase);

    public static PhaseBodies Of(RoutineProgram program)
    {
        PhaseBodies bodies = new();
        Dictionary<StepBody, int> known = [];
        for (int phase = 0; phase < program.Phases.Count; phase++)
        {
            if (program.Phases[phase].Steps.Count == 0)
            {
                continue;
            }
            StepBody body = StepBody.Of(program, phase % 2 == 1, program.Phases[phase].Steps);
            if (known.TryGetValue(body, out int first))
            {
                bodies.shared.Add(first);
            }
            else
            {
                first = phase;
                known.Add(body, phase);
            }
            bodies.firstLike.Add(phase, first);
        }
        return bodies;
    }
}

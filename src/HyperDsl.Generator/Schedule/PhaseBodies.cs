using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Which phases of a routine do the same work on different buffers: layers of equal shape. They share one emitted method, so the
/// emitted code grows with the number of different layers, not with the number of layers.
/// </summary>
internal sealed class PhaseBodies
{
    private readonly RoutineProgram program;
    private readonly Dictionary<int, int> firstLike = [];
    private readonly HashSet<int> shared = [];

    private PhaseBodies(RoutineProgram program) => this.program = program;

    /// <summary>One phase of every kind, in order.</summary>
    public IEnumerable<int> FirstPhases => firstLike.Where(pair => pair.Key == pair.Value).Select(pair => pair.Key).OrderBy(p => p);

    public int FirstPhaseLike(int phase) => firstLike[phase];

    /// <summary>Whether several phases use the method of this one.</summary>
    public bool IsShared(int firstPhase) => shared.Contains(firstPhase);

    /// <summary>Offsets of the buffers of a phase in order of first use.</summary>
    public IEnumerable<int> OffsetsOf(int phase) =>
        LocalStorages(phase).Select(storage => OffsetOf(program, program.Storages[storage]));

    /// <summary>Where a storage begins; scratch memory has room for a whole slice of each.</summary>
    public static int OffsetOf(RoutineProgram program, Storage storage) =>
        storage.Place == Place.Scratch ? checked(storage.Offset * program.SliceRows) : storage.Offset;

    public static PhaseBodies Of(RoutineProgram program)
    {
        PhaseBodies bodies = new(program);
        Dictionary<Body, int> known = [];
        for (int phase = 0; phase < program.Phases.Count; phase++)
        {
            if (program.Phases[phase].Steps.Count == 0)
            {
                continue;
            }
            Body body = bodies.BodyOf(phase);
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

    /// <summary>Storages that a step uses, in order.</summary>
    public static IEnumerable<int> StoragesOf(Step step) => step switch
    {
        RowStep row => row.Operands.Select(operand => operand.Storage),
        CallStep call => call.Inputs.Select(input => input.Storage).Append(call.Output.Storage),
        FillStep fill => [fill.Output.Storage],
        _ => [],
    };

    private int[] LocalStorages(int phase) => program.Phases[phase].Steps.SelectMany(StoragesOf).Distinct().ToArray();

    /// <summary>A phase without names and offsets: what has to be equal for phases to share a method.</summary>
    private sealed record Body(bool OverSlices, EquatableArray<Step> Steps, EquatableArray<Storage> Storages);

    private Body BodyOf(int phase)
    {
        int[] locals = LocalStorages(phase);
        Access Local(Access access) => access with { Storage = Array.IndexOf(locals, access.Storage) };
        EquatableArray<Step> steps = program.Phases[phase].Steps.Select(step => (Step)(step switch
        {
            RowStep row => row with { Operands = row.Operands.Select(Local).ToEquatable(), Comment = "" },
            CallStep call => call with { Inputs = call.Inputs.Select(Local).ToEquatable(), Output = Local(call.Output) },
            FillStep fill => fill with { Output = Local(fill.Output) },
            _ => step,
        })).ToEquatable();
        return new Body(
            phase % 2 == 1, steps,
            locals.Select(storage => program.Storages[storage] with { Offset = 0, Name = "" }).ToEquatable());
    }
}

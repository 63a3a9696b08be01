using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Steps without the names and offsets of their buffers: what has to be equal for two runs of steps to share one emitted method.
/// </summary>
internal sealed record StepBody(bool OverSlices, EquatableArray<Step> Steps, EquatableArray<Storage> Storages)
{
    public static StepBody Of(RoutineProgram program, bool overSlices, IReadOnlyList<Step> steps)
    {
        int[] locals = StoragesOf(steps);
        Access Local(Access access) => access with { Storage = Array.IndexOf(locals, access.Storage) };
        Step Renumber(Step step) => step switch
        {
            LoopStep loop => loop with { Body = loop.Body.Select(Renumber).ToEquatable() },
            RowStep row => row with { Operands = row.Operands.Select(Local).ToEquatable(), Comment = "", Values = EquatableArray<string>.Empty },
            CallStep call => call with { Inputs = call.Inputs.Select(Local).ToEquatable(), Output = Local(call.Output) },
            FillStep fill => fill with { Output = Local(fill.Output) },
            _ => step,
        };
        EquatableArray<Step> renumbered = steps.Select(Renumber).ToEquatable();
        return new StepBody(
            overSlices, renumbered,
            locals.Select(storage => program.Storages[storage] with { Offset = 0, Name = "", Label = ValueLabel.None }).ToEquatable());
    }

    /// <summary>Storages that steps use, in order of first use.</summary>
    public static int[] StoragesOf(IEnumerable<Step> steps) => steps.SelectMany(StoragesOf).Distinct().ToArray();

    public static IEnumerable<int> StoragesOf(Step step) => step switch
    {
        RowStep row => row.Operands.Select(operand => operand.Storage),
        CallStep call => call.Inputs.Select(input => input.Storage).Append(call.Output.Storage),
        FillStep fill => [fill.Output.Storage],
        LoopStep loop => loop.Body.SelectMany(StoragesOf),
        _ => [],
    };

    /// <summary>Where a storage begins; scratch memory has room for a whole slice of each.</summary>
    public static int OffsetOf(RoutineProgram program, Storage storage) =>
        storage.Place is Place.Scratch or Place.Sequence ? checked(storage.Offset * program.SliceRows) : storage.Offset;

    /// <summary>Offsets of the buffers of steps in order of first use.</summary>
    public static IEnumerable<int> OffsetsOf(RoutineProgram program, IEnumerable<Step> steps) =>
        StoragesOf(steps).Select(storage => OffsetOf(program, program.Storages[storage]));
}

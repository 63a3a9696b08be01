using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A sum over examples that is only copied to where a gradient belongs is added up there from the beginning: with one lane nothing has
/// to be added afterwards. Gradients hold zeros when a routine begins.
/// </summary>
internal static class SumsInPlace
{
    /// <summary>The program without those copies, its sums moved.</summary>
    public static RoutineProgram Run(RoutineProgram program)
    {
        Storage[] storages = program.Storages.ToArray();
        HashSet<Step> copies = [];
        foreach (RowStep step in program.Phases.Where((_, phase) => phase % 2 == 0).SelectMany(phase => phase.Steps).OfType<RowStep>())
        {
            if (!IsCopy(program.RowPrograms[step.Program]) || step.Operands[0].Offset != 0 || step.Operands[1].Offset != 0)
            {
                continue;
            }
            Storage from = storages[step.Operands[0].Storage];
            Storage to = storages[step.Operands[1].Storage];
            if (from.Place != Place.LaneTotal || to.Place != Place.Gradient || from.Size != to.Size)
            {
                continue;
            }
            copies.Add(step);
            for (int i = 0; i < storages.Length; i++)
            {
                if (storages[i].Place is Place.Lane or Place.LaneTotal && storages[i].Offset == from.Offset)
                {
                    storages[i] = storages[i] with { Place = Place.Gradient, Offset = to.Offset };
                }
            }
        }
        return program with
        {
            Storages = storages.ToEquatable(),
            Phases = program.Phases.Select(phase => phase with
            {
                Steps = phase.Steps.Where(step => !copies.Contains(step)).ToEquatable(),
            }).ToEquatable(),
        };
    }

    /// <summary>Whether a program does nothing but store what it loads, whole and in order.</summary>
    private static bool IsCopy(RowProgram program) =>
        !program.OverExamples && program.Instructions.Count == 2 && program.Operands.Count == 2
        && program.Instructions[0].Kind == RowInstructionKind.Load && program.Instructions[1].Kind == RowInstructionKind.Store
        && program.Operands[1].IsWritten && program.RowExtents.Count == 0 && program.ColumnExtents.Count == 1
        && program.Operands.All(operand => operand.Strides[0] == 1 || program.ColumnExtents[0] == 1);
}

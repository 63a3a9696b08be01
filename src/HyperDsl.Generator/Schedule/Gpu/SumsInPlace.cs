using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A sum over examples that is only copied to where a gradient belongs is added up there from the beginning: with one lane nothing has
/// to be added afterwards. Gradients hold zeros when a routine begins. So is what is put together from several values and then copied.
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
            if (IsCopy(program.RowPrograms[step.Program]) && step.Operands.All(operand => operand.Offset == 0) && Move(program, storages, step))
            {
                copies.Add(step);
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

    /// <summary>Moves what a step copies to where it copies it, if that is a gradient and the value is a sum or put together from others.</summary>
    private static bool Move(RoutineProgram program, Storage[] storages, RowStep copy)
    {
        Storage value = storages[copy.Operands[0].Storage];
        Storage gradient = storages[copy.Operands[1].Storage];
        bool isSum = value.Place == Place.LaneTotal;
        if (gradient.Place != Place.Gradient || value.Size != gradient.Size || !(isSum || (value.Place == Place.Shared
            && IsAssembled(program, copy.Operands[0].Storage, copy) && !IsUsed(program, copy.Operands[1].Storage, copy))))
        {
            return false;
        }
        for (int i = 0; i < storages.Length; i++)
        {
            bool isValue = isSum ? storages[i].Place is Place.Lane or Place.LaneTotal && storages[i].Offset == value.Offset : i == copy.Operands[0].Storage;
            storages[i] = isValue ? storages[i] with { Place = Place.Gradient, Offset = gradient.Offset } : storages[i];
        }
        return true;
    }

    /// <summary>
    /// Whether passes store each element of a value once, and nothing but a copy of it touches it otherwise. What the first phase of several stores
    /// stays apart: that phase does not run again while parameters stay the same, but gradients are zeros again.
    /// </summary>
    private static bool IsAssembled(RoutineProgram program, int storage, Step copy)
    {
        if (program.Phases.Count > 1 && program.Phases[0].Steps.Any(step => StepBody.StoragesOf(step).Contains(storage)))
        {
            return false;
        }
        int stored = 0;
        foreach (Step step in program.Phases.SelectMany(phase => phase.Steps).Where(step => !ReferenceEquals(step, copy) && StepBody.StoragesOf(step).Contains(storage)))
        {
            if (step is not RowStep row || program.RowPrograms[row.Program] is not { OverExamples: false } pass)
            {
                return false;
            }
            foreach (RowInstruction instruction in pass.Instructions.Where(i => i.Operand >= 0 && row.Operands[i.Operand].Storage == storage))
            {
                if (instruction is not { Kind: RowInstructionKind.Store, PerRow: false })
                {
                    return false;
                }
                stored += pass.RowExtents.Concat(pass.ColumnExtents).Aggregate(1, (product, extent) => checked(product * extent));
            }
        }
        return stored == program.Storages[storage].Size;
    }

    private static bool IsUsed(RoutineProgram program, int storage, Step copy) =>
        program.Phases.SelectMany(phase => phase.Steps).Any(step => !ReferenceEquals(step, copy) && StepBody.StoragesOf(step).Contains(storage));

    /// <summary>Whether a program does nothing but store what it loads, whole and in order.</summary>
    private static bool IsCopy(RowProgram program) =>
        !program.OverExamples && program.Instructions.Count == 2 && program.Operands.Count == 2
        && program.Instructions[0].Kind == RowInstructionKind.Load && program.Instructions[1].Kind == RowInstructionKind.Store
        && program.Operands[1].IsWritten && program.RowExtents.Count == 0 && program.ColumnExtents.Count == 1
        && program.Operands.All(operand => operand.Strides[0] == 1 || program.ColumnExtents[0] == 1);
}

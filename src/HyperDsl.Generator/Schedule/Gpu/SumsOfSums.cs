using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A number that each example adds up over its steps of time, and that is then only added up over examples, is one sum over both: so the loss of
/// sequences is.
/// </summary>
internal static class SumsOfSums
{
    public static DeviceProgram Run(DeviceProgram program)
    {
        DeviceMemory memory = new(program.Source);
        Dictionary<int, int> uses = DeviceMemory.UsesIn(program.Phases.SelectMany(phase => phase.Steps));
        return program with
        {
            Phases = program.Phases.Select(phase => phase with { Steps = Joined(phase.Steps, memory, uses) }).ToEquatable(),
        };
    }

    private static EquatableArray<DeviceStep> Joined(EquatableArray<DeviceStep> steps, DeviceMemory memory, Dictionary<int, int> uses)
    {
        List<DeviceStep> list = [.. steps];
        for (int later = 0; later < list.Count; later++)
        {
            if (list[later] is Launch total && IsSumOverExamples(total)
                && list.FindIndex(step => step is Launch { Kernel: SumKernel { OverSteps: true } } sum && sum.Target == total.Operands[0]) is >= 0 and int earlier
                && earlier < later && memory.IsPrivate(total.Operands[0]))
            {
                int fill = list.FindIndex(step => step is Launch { Kernel: FillKernel { Number: 0 } } zeros && zeros.Operands[0] == total.Operands[0]);
                bool isAlone = uses[total.Operands[0].Storage] == (fill < 0 ? 2 : 3);
                if (isAlone && Both((Launch)list[earlier], total) is Launch both && list.Skip(earlier + 1).Take(later - earlier - 1).All(step => !memory.Conflict(step, total)))
                {
                    list[earlier] = both;
                    list.RemoveAt(later--);
                    if (fill >= 0)
                    {
                        list.RemoveAt(fill);
                        later--;
                    }
                }
            }
        }
        return list.ToEquatable();
    }

    /// <summary>Whether a launch does nothing but add up one number of each example.</summary>
    private static bool IsSumOverExamples(Launch launch) =>
        launch is { Kernel: SumKernel { OverSteps: false, Program: { OverExamples: true } program }, AddsRowsUp: true, Rows: RowCount.Examples, TargetSize: 1 }
        && launch.Operands.Count == 1 && !launch.Operands[0].IsTemporary && program.Instructions.Count == 2 && program.Operands[0] is { ExampleStride: 1, IsLabel: false }
        && program.RowExtents.Concat(program.ColumnExtents).All(extent => extent == 1);

    /// <summary>The sum over steps, over examples too.</summary>
    private static Launch? Both(Launch overSteps, Launch total)
    {
        SumKernel sum = (SumKernel)overSteps.Kernel;
        if (overSteps.TargetSize != 1)
        {
            return null;
        }
        RowOperand target = sum.Program.Operands[sum.Program.Operands.Count - 1];
        RowOperand[] operands = [.. sum.Program.Operands.Take(sum.Program.Operands.Count - 1), target with { ExampleStride = 0 }];
        return overSteps with
        {
            Kernel = new SumKernel(sum.Program with { Operands = operands.ToEquatable() }), Target = total.Target, Adds = total.Adds, AddsRowsUp = true,
            Rows = RowCount.Steps, Comment = overSteps.Comment + "; " + total.Comment,
        };
    }
}

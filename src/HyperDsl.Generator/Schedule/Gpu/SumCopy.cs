using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>A copy of a sum over examples to a gradient, or to a part of one.</summary>
/// <param name="Launch">The pass that makes it.</param>
/// <param name="Program">What the pass does for this copy: one load and one store.</param>
/// <param name="Source">The sum.</param>
/// <param name="Target">Where in the gradient its first element goes.</param>
/// <param name="Others">The pass without it; <c>null</c> if it does nothing else.</param>
internal sealed record SumCopy(Launch Launch, RowProgram Program, DeviceOperand Source, DeviceOperand Target, Launch? Others)
{
    /// <summary>The copies that a launch makes and that need nothing of one another.</summary>
    public static IEnumerable<SumCopy> Of(Launch launch, EquatableArray<Storage> storages)
    {
        if (launch.Kernel is not PassKernel { WalksRows: false } pass || launch.Rows != RowCount.One || pass.Program.OverExamples
            || launch.Operands.Any(operand => operand.IsTemporary))
        {
            yield break;
        }
        foreach (int stored in Enumerable.Range(0, launch.Operands.Count).Where(pass.Writes))
        {
            (RowProgram own, int[] used) = RowPrograms.Storing(pass.Program, operand => operand == stored);
            (RowProgram rest, int[] kept) = RowPrograms.Storing(pass.Program, operand => operand != stored);
            if (own.Instructions.Count == 2 && own.Operands.Count == 2 && storages[launch.Operands[stored].Storage].Place == Place.Gradient
                && launch.Operands[used[0]] is { Offset: 0 } source && storages[source.Storage].Place == Place.LaneTotal)
            {
                yield return new SumCopy(launch, own, source, launch.Operands[stored], rest.Instructions.Count == 0 ? null : launch with
                {
                    Kernel = new PassKernel(rest), Operands = kept.Select(operand => launch.Operands[operand]).ToEquatable(),
                });
            }
        }
    }
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Two operands of a pass, or of the pass behind products, that hold the same numbers in the same order afterwards.</summary>
/// <param name="Stored">One that it stores, of the pass' operands.</param>
/// <param name="Equal">Another one that it stores, or one that it loads.</param>
/// <param name="EqualIsStored">Which of both.</param>
/// <param name="Elements">Elements of an example, or of all where examples share them.</param>
internal sealed record EqualPair(int Stored, int Equal, bool EqualIsStored, int Elements)
{
    public static IEnumerable<EqualPair> Of(DeviceStep step)
    {
        if ((step as Launch)?.Kernel is not (PassKernel or FusedProductKernel) || ((Launch)step).Temporaries.Count > 0)
        {
            return [];
        }
        RowProgram pass = PassOf(((Launch)step).Kernel);
        RowInstruction[] stores = [.. pass.Instructions.Where(instruction => instruction is { Kind: RowInstructionKind.Store, PerRow: false })];
        return
            from store in stores
            let value = pass.Instructions[store.Inputs[0]]
            let others = stores.Where(other => other.Operand != store.Operand && other.Inputs[0] == store.Inputs[0])
                .Select(other => (other.Operand, IsStored: true))
            from other in value is { Kind: RowInstructionKind.Load, PerRow: false } ? others.Append((value.Operand, IsStored: false)) : others
            where Walk(pass, store.Operand) == Walk(pass, other.Operand) && IsInjective(pass, store.Operand)
                && stores.Count(again => again.Operand == store.Operand) == 1 && !IsSum(((Launch)step).Kernel, other.Operand)
            select new EqualPair(
                store.Operand, other.Operand, other.IsStored, pass.RowExtents.Concat(pass.ColumnExtents).Aggregate(1, (product, extent) => checked(product * extent)));
    }

    /// <summary>Where an operand of the pass lies.</summary>
    public DeviceOperand At(Launch launch, int operand) => launch.Kernel is FusedProductKernel fused
        ? launch.Operands[fused.FirstOperand(fused.Products.Count) + Array.IndexOf(fused.PassOperands, operand)]
        : launch.Operands[operand];

    /// <summary>The launch, with nothing stored where <see cref="Stored"/> was; <c>null</c> if products then work for nothing.</summary>
    public Launch? Without(Launch launch)
    {
        (RowProgram rest, int[] kept) = RowPrograms.Storing(PassOf(launch.Kernel), operand => operand != Stored);
        if (launch.Kernel is not FusedProductKernel fused)
        {
            return launch with { Kernel = new PassKernel(rest), Operands = kept.Select(operand => launch.Operands[operand]).ToEquatable() };
        }
        FusedProductKernel without = fused with { Epilogue = rest, Sums = fused.Sums.Select(sum => Array.IndexOf(kept, sum)).ToEquatable() };
        return without.Sums.Contains(-1) ? null : launch with
        {
            Kernel = without,
            Operands = launch.Operands.Take(fused.FirstOperand(fused.Products.Count))
                .Concat(without.PassOperands.Select(operand => At(launch, kept[operand]))).ToEquatable(),
        };
    }

    private static RowProgram PassOf(DeviceKernel kernel) => kernel is FusedProductKernel fused ? fused.Epilogue : ((PassKernel)kernel).Program;

    private static bool IsSum(DeviceKernel kernel, int operand) => kernel is FusedProductKernel fused && fused.Sums.Contains(operand);

    private static RowOperand Walk(RowProgram pass, int operand) => pass.Operands[operand] with { IsWritten = false, IsFar = false };

    /// <summary>Whether each element has a place of its own.</summary>
    private static bool IsInjective(RowProgram pass, int operand) => (!pass.OverExamples || pass.Operands[operand].ExampleStride != 0)
        && pass.RowExtents.Concat(pass.ColumnExtents).Zip(pass.Operands[operand].Strides, (extent, stride) => extent == 1 || stride != 0).All(isApart => isApart);
}

using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Whether four neighbours of an operand can be made at once.</summary>
internal static class PrologueQuads
{
    private const int Elements = 4;

    /// <param name="pass">The pass.</param>
    /// <param name="axes">Its axes within the operand.</param>
    /// <param name="isAligned">Whether an operand that it reads begins at a multiple of 16 bytes.</param>
    public static bool Allows(RowProgram pass, PrologueAxis[] axes, Func<int, bool> isAligned)
    {
        // Fours must not cross an edge of the innermost axis; masks are drawn element by element.
        PrologueAxis inner = axes[0];
        return inner.Places % Elements == 0 && inner.Begin % Elements == 0 && inner.Extent % Elements == 0
            && !pass.Instructions.Any(instruction => instruction.Operation is KeepMask)
            && Enumerable.Range(0, pass.Operands.Count - 1).All(operand => IsOneNumber(pass.Operands[operand], inner)
                || (isAligned(operand) && IsInFours(pass, pass.Operands[operand], axes)));
    }

    /// <summary>Whether an operand is the same along the innermost axis.</summary>
    public static bool IsOneNumber(RowOperand operand, PrologueAxis inner) => operand.Strides[inner.Number] == 0;

    private static bool IsInFours(RowProgram pass, RowOperand operand, PrologueAxis[] axes) =>
        operand.Strides[axes[0].Number] == 1 && (!pass.OverExamples || operand.ExampleStride % Elements == 0)
        && axes.Skip(1).All(axis => operand.Strides[axis.Number] % Elements == 0);
}

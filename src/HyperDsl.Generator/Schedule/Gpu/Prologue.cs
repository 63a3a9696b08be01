using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>An axis of a pass within the operand of a product that it makes.</summary>
/// <param name="Number">Which axis of the pass, its row axes before its columns.</param>
/// <param name="Stride">Elements of the operand from one place to the next.</param>
/// <param name="Places">Places of the operand.</param>
/// <param name="Begin">The place of the pass' first element.</param>
/// <param name="Extent">Elements of the pass; the places before and behind them are padding.</param>
internal sealed record PrologueAxis(int Number, int Stride, int Places, int Begin, int Extent);

/// <summary>
/// What a product reads in place of an operand: elements of a pass, computed on their way to shared memory, so that the operand does not lie in
/// memory; around them, where the operand is padded, a number.
/// </summary>
/// <param name="Pass">An element-wise pass. Its last operand is the only one that it stores, and is the product's operand.</param>
/// <param name="Axes">Axes of more than one place, innermost of the operand first.</param>
/// <param name="Around">What lies where the pass stores nothing.</param>
/// <param name="InQuads">Whether four neighbours in the operand are, in all that the pass reads, four neighbours or one number.</param>
internal sealed record Prologue(RowProgram Pass, EquatableArray<PrologueAxis> Axes, double Around, bool InQuads)
{
    /// <summary>What is read from memory; the product has these operands in place of one.</summary>
    public int OperandCount => Pass.Operands.Count - 1;

    /// <summary>How the pass stored the operand.</summary>
    public RowOperand Stored => Pass.Operands[OperandCount];

    /// <summary>Whether the pass stores all of the operand.</summary>
    public bool IsWhole => Axes.All(axis => axis.Extent == axis.Places);

    /// <summary>The pass' axes within an operand; <c>null</c> where they are not digits of an element's address.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="stored">How it stores the operand.</param>
    /// <param name="offset">Where its first element is.</param>
    /// <param name="size">Elements of the operand, of one example where each has its own.</param>
    public static PrologueAxis[]? AxesOf(RowProgram pass, RowOperand stored, int offset, int size)
    {
        (int Extent, int Stride, int Number)[] axes = [.. pass.RowExtents.Concat(pass.ColumnExtents)
            .Select((extent, number) => (extent, stored.Strides[number], number)).Where(axis => axis.extent != 1).OrderBy(axis => axis.Item2)];
        if (axes.Length == 0 || axes[0].Stride != 1 || (pass.OverExamples && stored.ExampleStride != size))
        {
            return null;
        }
        PrologueAxis[] placed = new PrologueAxis[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            (int extent, int stride, int number) = axes[i];
            int end = i + 1 < axes.Length ? axes[i + 1].Stride : size;
            int places = end / stride;
            int begin = offset / stride % places;
            if (end % stride != 0 || begin + extent > places)
            {
                return null;
            }
            placed[i] = new PrologueAxis(number, stride, places, begin, extent);
        }
        return placed.Sum(axis => axis.Begin * axis.Stride) == offset ? placed : null;
    }
}

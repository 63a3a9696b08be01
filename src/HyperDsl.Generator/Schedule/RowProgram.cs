using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// What shares one pass over memory: loops over rows and, within a row, over columns, with reductions along the columns between
/// stages. One description for every backend. It knows strides but no addresses, so equal work on different buffers is one
/// program.
/// </summary>
/// <param name="OverExamples">Whether the outermost loop runs over the examples of a slice.</param>
/// <param name="RowExtents">Sizes of the loops outside of the columns.</param>
/// <param name="ColumnExtents">Sizes of the loops that make up a row; the last one is what vectors run along.</param>
/// <param name="Operands">What is read and written.</param>
/// <param name="Instructions">In order; inputs are earlier instructions.</param>
/// <param name="Stages">How many times the columns of a row are walked.</param>
/// <param name="Flat">
/// Whether all operands are contiguous over examples and columns alike, so that one loop covers everything.
/// </param>
internal sealed record RowProgram(
    bool OverExamples,
    EquatableArray<int> RowExtents,
    EquatableArray<int> ColumnExtents,
    EquatableArray<RowOperand> Operands,
    EquatableArray<RowInstruction> Instructions,
    int Stages,
    bool Flat)
{
    public bool NeedsExampleIndex => Instructions.Any(instruction => instruction.Operation is KeepMask);

    public bool NeedsStepCount => Instructions.Any(instruction => instruction.Operation is StepCount);

    public bool NeedsExampleCount => Instructions.Any(instruction => instruction.Operation is ExampleCount);
}

/// <summary>How a program walks one operand.</summary>
/// <param name="IsWritten">Whether it is stored to.</param>
/// <param name="ExampleStride">Distance of examples, 0 if all share one.</param>
/// <param name="Strides">Distance of neighbours along row loops, then column loops.</param>
/// <param name="IsFar">Whether it is in memory that no nearby cache holds (<see cref="FarOperands"/>).</param>
internal sealed record RowOperand(bool IsWritten, int ExampleStride, EquatableArray<int> Strides, bool IsFar = false)
{
    /// <summary>
    /// Whether memory holds a label for each example, and an element of the operand is 1 at the label's place, 0 elsewhere
    /// (<see cref="Gpu.LabelsInPasses"/>).
    /// </summary>
    public bool IsLabel { get; init; }
}

internal enum RowInstructionKind
{
    /// <summary>Reads an operand.</summary>
    Load,

    /// <summary>A constant, the size of the batch or a random mask.</summary>
    Leaf,

    /// <summary>An elementwise operation.</summary>
    Apply,

    /// <summary>The sum along the columns.</summary>
    ReduceSum,

    /// <summary>The maximum along the columns.</summary>
    ReduceMaximum,

    /// <summary>Writes an operand.</summary>
    Store,

    /// <summary>Adds to an operand, several times to the same element where strides are 0.</summary>
    Accumulate,
}

/// <summary>One instruction.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Operation">For <c>Apply</c> and <c>Leaf</c>, the operation.</param>
/// <param name="Inputs">Earlier instructions.</param>
/// <param name="Operand">For memory, which operand; else -1.</param>
/// <param name="PerRow">Whether its value is one number a row rather than one a column.</param>
/// <param name="Stage">
/// For columns, the walk in which it is first known; for rows, the walk before which it is known. Walks that need an earlier
/// value compute it again, or read it back where it is stored.
/// </param>
/// <param name="Displacement">For memory, elements from where the operand begins (<see cref="ShareOperands"/>).</param>
internal sealed record RowInstruction(
    RowInstructionKind Kind, Operation? Operation, EquatableArray<int> Inputs, int Operand, bool PerRow, int Stage, int Displacement = 0)
{
    public bool Reduces => Kind is RowInstructionKind.ReduceSum or RowInstructionKind.ReduceMaximum;

    public bool Writes => Kind is RowInstructionKind.Store or RowInstructionKind.Accumulate;
}

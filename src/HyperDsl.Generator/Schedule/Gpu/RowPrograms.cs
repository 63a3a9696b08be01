using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Passes that the schedule for GPUs adds.</summary>
internal static class RowPrograms
{
    /// <summary>Loads the first operand and stores the second.</summary>
    public static readonly EquatableArray<RowInstruction> Move = new(
        new RowInstruction(RowInstructionKind.Load, null, EquatableArray<int>.Empty, 0, false, 0),
        new RowInstruction(RowInstructionKind.Store, null, new EquatableArray<int>(0), 1, false, 0));

    /// <summary>Copies each example's elements.</summary>
    public static RowProgram CopyOfRows(int size) => new(
        true, EquatableArray<int>.Empty, new EquatableArray<int>(size),
        new EquatableArray<RowOperand>(
            new RowOperand(false, size, new EquatableArray<int>(1)), new RowOperand(true, size, new EquatableArray<int>(1))),
        Move, 1, false);
}

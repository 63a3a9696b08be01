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

    /// <summary>Distances of neighbours where axes lie without gaps, the last one innermost.</summary>
    public static int[] Packed(IEnumerable<int> extents)
    {
        int[] strides = extents.ToArray();
        int size = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            (strides[axis], size) = (size, checked(size * strides[axis]));
        }
        return strides;
    }

    /// <summary>What a pass without sums across rows needs to store some of its operands, and which operands are left: what is read, then what is stored.</summary>
    public static (RowProgram Program, int[] Operands) Storing(RowProgram pass, Func<int, bool> isStored)
    {
        bool[] needed = new bool[pass.Instructions.Count];
        for (int i = needed.Length - 1; i >= 0; i--)
        {
            RowInstruction instruction = pass.Instructions[i];
            needed[i] |= instruction.Writes && isStored(instruction.Operand);
            foreach (int input in needed[i] ? instruction.Inputs : EquatableArray<int>.Empty)
            {
                needed[input] = true;
            }
        }
        int[] kept = [.. Enumerable.Range(0, needed.Length).Where(i => needed[i])];
        int[] operands = [.. kept.Select(i => pass.Instructions[i].Operand).Where(operand => operand >= 0).Distinct()
            .OrderBy(operand => pass.Operands[operand].IsWritten ? 1 : 0).ThenBy(operand => operand)];
        RowProgram program = pass with
        {
            Operands = operands.Select(operand => pass.Operands[operand]).ToEquatable(),
            Instructions = kept.Select(i => pass.Instructions[i] with
            {
                Inputs = pass.Instructions[i].Inputs.Select(input => Array.IndexOf(kept, input)).ToEquatable(),
                Operand = pass.Instructions[i].Operand < 0 ? -1 : Array.IndexOf(operands, pass.Instructions[i].Operand),
            }).ToEquatable(),
        };
        return (program, operands);
    }
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Parts of one buffer that a row program walks in step become one operand: the four gates of a cell, the terms of a product. A processor has
/// 16 registers for addresses, and moves each of them at every row.
/// </summary>
internal static class ShareOperands
{
    /// <param name="program">The program.</param>
    /// <param name="accesses">What its operands stand for.</param>
    public static (RowProgram Program, EquatableArray<Access> Accesses) Run(RowProgram program, EquatableArray<Access> accesses)
    {
        List<int> kept = [];
        List<int> firsts = [];
        int[] shared = new int[accesses.Count];
        for (int i = 0; i < accesses.Count; i++)
        {
            int present = i;
            shared[i] = kept.FindIndex(other =>
                accesses[other].Storage == accesses[present].Storage && program.Operands[other] == program.Operands[present]);
            if (shared[i] < 0)
            {
                shared[i] = kept.Count;
                kept.Add(i);
                firsts.Add(accesses[i].Offset);
            }
            firsts[shared[i]] = Math.Min(firsts[shared[i]], accesses[i].Offset);
        }
        if (kept.Count == accesses.Count)
        {
            return (program, accesses);
        }
        RowProgram joined = program with
        {
            Operands = kept.Select(operand => program.Operands[operand]).ToEquatable(),
            Instructions = program.Instructions.Select(instruction => instruction.Operand < 0 ? instruction : instruction with
            {
                Operand = shared[instruction.Operand], Displacement = accesses[instruction.Operand].Offset - firsts[shared[instruction.Operand]],
            }).ToEquatable(),
        };
        return (joined, kept.Select((operand, i) => accesses[operand] with { Offset = firsts[i] }).ToEquatable());
    }
}

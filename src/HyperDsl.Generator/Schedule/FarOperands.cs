using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>
/// Marks what a loop over time reads of values that were kept for every step before the loop began. All steps of them are megabytes, so each
/// step finds its part in a distant cache or in memory; a processor that is told some rows ahead fetches it meanwhile. Reading them
/// unasked took two thirds of the time of the pass behind the gates of a HyperLSTM of 128 units. Likewise what a loop writes for each step:
/// a line is fetched before it is written, and those of an earlier batch have left the near caches.
/// </summary>
internal static class FarOperands
{
    /// <param name="program">The program of a group.</param>
    /// <param name="references">What its operands stand for.</param>
    /// <param name="graph">The lowered graph.</param>
    /// <param name="fusion">The steps.</param>
    /// <param name="group">The group.</param>
    /// <param name="rooms">The operands' memory: what is written in place of what the pass reads is not asked for twice.</param>
    public static RowProgram Mark(
        RowProgram program, OperandReference[] references, Graph graph, Fusion fusion, GroupDraft group, IReadOnlyList<Storage> rooms)
    {
        if (group.Loop == 0)
        {
            return program;
        }
        bool IsFar(OperandReference reference, RowOperand operand, Storage room) =>
            reference.Root >= 0 && operand.ExampleStride > 0 && (operand.IsWritten
                ? (IsSequence(reference.Root) || fusion.IsOutput(reference.Root)) && !IsRead(room)
                : IsSequence(reference.Root) && fusion.Makers[reference.Root]?.Loop != group.Loop);
        bool IsRead(Storage room) => rooms.Where((_, i) => !program.Operands[i].IsWritten)
            .Any(read => (read.Place, read.Offset) == (room.Place, room.Offset));
        bool IsSequence(int node) => (graph[node].Varies & Varies.Time) != 0;
        return program with
        {
            Operands = program.Operands
                .Select((operand, i) => IsFar(references[i], operand, rooms[i]) ? operand with { IsFar = true } : operand).ToEquatable(),
        };
    }
}

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Requests for far memory: each line is asked for where the same part of an earlier example is read or written.</summary>
internal sealed partial class RowProgramEmitter
{
    /// <summary>Elements that are worked on while memory answers: two or three cycles each, against some hundred of a third cache.</summary>
    private const int ElementsAhead = 256;

    /// <summary>Asks for what a load or a store needs some examples later, in the first walk that has it.</summary>
    private void WriteRequest(int walk, int index, string position, string count)
    {
        RowInstruction access = program.Instructions[index];
        bool isFirst = !Enumerable.Range(0, walk).Any(earlier => reuse.NeededIn(earlier).Contains(index));
        bool isEndOfFlat = program.Flat && count.Length > 0;
        if (isFirst && !isEndOfFlat && program.Operands[access.Operand].IsFar && StrideOf(access.Operand) == 1)
        {
            writer.Line("Lanes.Prefetch(" + At(access with { Displacement = access.Displacement + Distance(access.Operand) }, position, 1) + ");");
        }
    }

    private void WriteRequestOfNumber(RowInstruction load)
    {
        if (program.Operands[load.Operand].IsFar)
        {
            writer.Line("Lanes.Prefetch(" + pointers[load.Operand] + " + " + Literal.Integer(load.Displacement + Distance(load.Operand)) + ");");
        }
    }

    /// <summary>From what is read to what is asked for, in elements.</summary>
    private int Distance(int operand)
    {
        if (program.Flat)
        {
            return ElementsAhead;
        }
        int between = program.ColumnExtents.Concat(ExamplesAreInside ? [] : program.RowExtents)
            .Aggregate(1, (count, extent) => count * extent);
        return (ElementsAhead + between - 1) / between * program.Operands[operand].ExampleStride;
    }
}

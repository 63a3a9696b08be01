using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>Requests for far memory: each line is asked for where the same part of an earlier example is read.</summary>
internal sealed partial class RowProgramEmitter
{
    /// <summary>Elements that are worked on while memory answers: two or three cycles each, against some hundred of a third cache.</summary>
    private const int ElementsAhead = 256;

    /// <summary>Asks for what a load needs some examples later, in the first walk that has the load.</summary>
    private void WriteRequest(int walk, int index, string position)
    {
        RowInstruction load = program.Instructions[index];
        bool isFirst = !Enumerable.Range(0, walk).Any(earlier => reuse.NeededIn(earlier).Contains(index));
        if (isFirst && program.Operands[load.Operand].IsFar && StrideOf(load.Operand) == 1)
        {
            writer.Line("Lanes.Prefetch(" + At(load with { Displacement = load.Displacement + Distance(load.Operand) }, position, 1) + ");");
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

using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>
/// A kernel with every decision taken: sizes are known but for the number of rows (examples, or examples at all steps), addresses
/// are not, so equal work on different buffers is one kernel.
/// </summary>
internal abstract record DeviceKernel
{
    /// <summary>Threads of a group where a tile does not say otherwise.</summary>
    public const int GroupSize = 256;

    /// <summary>
    /// Buffers of a launch: OpenCL promises room for 1,024 bytes of arguments, and a buffer takes 24 there (its address, begin and length).
    /// </summary>
    public const int MostOperands = 40;

    /// <summary>The kernel without what only the one that adds its parts has to know: kernels that are equal here have one text.</summary>
    public virtual DeviceKernel Printed => this;

    /// <summary>How many buffers it takes, without the target of a sum.</summary>
    public abstract int OperandCount { get; }

    /// <summary>Threads of a group.</summary>
    public virtual int Threads => GroupSize;

    /// <summary>Whether it is printed a second time, for devices with tensor cores.</summary>
    public virtual bool HasTensorForm => false;

    /// <summary>Which of the operands are labels instead of real numbers.</summary>
    public virtual bool IsIndex(int operand) => false;

    /// <summary>Which of the operands it writes to; the target of a sum is none of them.</summary>
    public abstract bool Writes(int operand);

    /// <summary>Which of the operands it reads.</summary>
    public virtual bool Reads(int operand) => !Writes(operand);
}

/// <summary>A kernel whose last operand is added up over an axis so long that several groups share it, in a fixed order.</summary>
internal abstract record ReducingKernel : DeviceKernel
{
    public override bool Writes(int operand) => false;
}

/// <summary>A fused pass without sums across rows.</summary>
/// <param name="Program">The pass; it accumulates nothing.</param>
internal sealed record PassKernel(RowProgram Program) : DeviceKernel
{
    public override int OperandCount => Program.Operands.Count;

    public override bool Writes(int operand) => Program.Operands[operand].IsWritten;

    public override bool IsIndex(int operand) => Program.Operands[operand].IsLabel;

    /// <summary>Whether rows are walked by lanes, instead of one thread an element.</summary>
    public bool WalksRows => Program.Instructions.Any(instruction => instruction.Reduces || (instruction.Writes && instruction.PerRow));
}

/// <summary>A sum over axes, examples or both of what a pass computes.</summary>
/// <param name="Program">
/// The pass; its last instruction is the only one that writes, and accumulates to the last operand, which is the reduction's target.
/// </param>
/// <param name="OverSteps">Whether the target has a row for each example and what is added up one for each example at each step.</param>
internal sealed record SumKernel(RowProgram Program, bool OverSteps = false) : ReducingKernel
{
    public override int OperandCount => Program.Operands.Count - 1;

    public override bool IsIndex(int operand) => Program.Operands[operand].IsLabel;
}

/// <summary>Fills memory with a number.</summary>
/// <param name="Size">Elements of a row.</param>
/// <param name="Number">The number.</param>
internal sealed record FillKernel(int Size, double Number) : DeviceKernel
{
    public override int OperandCount => 1;

    public override bool Writes(int operand) => operand == 0;
}

/// <summary>Rows of a table by label. Operands: table, label, result.</summary>
/// <param name="Width">Elements of a row of the table.</param>
/// <param name="TableStride">Elements between the examples' tables; 0 where they share one.</param>
internal sealed record GatherKernel(int Width, int TableStride) : DeviceKernel
{
    public override int OperandCount => 3;

    public override bool Writes(int operand) => operand == 2;

    public override bool IsIndex(int operand) => operand == 1;
}

/// <summary>Each example's row written into a table of its own that holds zeros. Operands: row, label, table.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Width">Elements of a row of the table.</param>
internal sealed record ScatterKernel(int Rows, int Width) : DeviceKernel
{
    public override int OperandCount => 3;

    public override bool Writes(int operand) => operand == 2;

    public override bool IsIndex(int operand) => operand == 1;
}

/// <summary>All examples' rows added to one table. Operands: row, label, table.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Width">Elements of a row of the table.</param>
internal sealed record ScatterSumKernel(int Rows, int Width) : DeviceKernel
{
    /// <summary>Where the table's elements lie.</summary>
    public SumPlaces Places { get; init; } = SumPlaces.InOrder(checked(Rows * Width));

    public override int OperandCount => 3;

    public override bool Writes(int operand) => operand == 2;

    public override bool IsIndex(int operand) => operand == 1;
}

/// <summary>1 at each example's label, 0 elsewhere. Operands: label, result.</summary>
/// <param name="Classes">Elements of a result.</param>
internal sealed record OneHotKernel(int Classes) : DeviceKernel
{
    public override int OperandCount => 2;

    public override bool Writes(int operand) => operand == 1;

    public override bool IsIndex(int operand) => operand == 0;
}

/// <summary>Pooling or its gradient. Operands: what the operation reads, then the result.</summary>
/// <param name="Operation">Which of the four.</param>
/// <param name="Window">The windows.</param>
/// <param name="Image">Shape of the image.</param>
internal sealed record PoolKernel(PoolOperation Operation, Window Window, Shape Image) : DeviceKernel
{
    public int OutputHeight => ((Image[0] + Window.Top + Window.Bottom - Window.SizeY) / Window.StrideY) + 1;

    public int OutputWidth => ((Image[1] + Window.Left + Window.Right - Window.SizeX) / Window.StrideX) + 1;

    public override int OperandCount => Operation == PoolOperation.MaxGradient ? 3 : 2;

    public override bool Writes(int operand) => operand == OperandCount - 1;
}

internal enum PoolOperation
{
    Max,
    MaxGradient,
    Average,
    AverageGradient,
}

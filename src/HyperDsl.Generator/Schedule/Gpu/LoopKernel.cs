using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>Which steps of time a kernel takes its rows through.</summary>
internal enum StepOrder
{
    /// <summary>All.</summary>
    FromFirst,

    /// <summary>All, backwards.</summary>
    FromLast,

    /// <summary>One: the host keeps the loop.</summary>
    Single,
}

/// <summary>Where a kernel of a group's own rows finds a value.</summary>
internal enum LoopMemory
{
    /// <summary>In a buffer of its own, an argument of the launch.</summary>
    Argument,

    /// <summary>Among all parameters.</summary>
    Parameters,

    /// <summary>Among values that do not vary with the example.</summary>
    Common,

    /// <summary>Among temporary values of all examples.</summary>
    Scratch,

    /// <summary>Among values of all examples that outlive a phase.</summary>
    Batch,

    /// <summary>Among values of all examples at all steps that outlive a phase.</summary>
    BatchSteps,

    /// <summary>Among values of all examples at all steps.</summary>
    Sequence,

    /// <summary>In the group's shared memory.</summary>
    Values,

    /// <summary>In the group's own part of a buffer: what shared memory has no room for.</summary>
    Room,
}

/// <summary>
/// A value that such a kernel reads or writes. A step has more of them than OpenCL promises bytes for arguments (1,024, 24 a buffer), so
/// the kernel gets whole arenas and knows where in them each value begins.
/// </summary>
/// <param name="Name">Its name in the kernel.</param>
/// <param name="Memory">Where it is.</param>
/// <param name="Offset">Where it begins there, in elements; where there is one for each example, of one example.</param>
/// <param name="Size">Elements for one example, or of all where examples share it.</param>
/// <param name="PerExample">Whether each example has its own.</param>
/// <param name="PerStep">Whether each step of time has its own.</param>
/// <param name="IsIndex">Whether it holds labels.</param>
/// <param name="Shape">Its shape for one example, for the reader.</param>
internal sealed record LoopBuffer(
    string Name, LoopMemory Memory, int Offset, int Size, bool PerExample, bool PerStep, bool IsIndex, string Shape)
{
    /// <summary>Whether it is the group's alone and gone with it.</summary>
    public bool IsLocal => Memory is LoopMemory.Values or LoopMemory.Room;

    /// <summary>Whether two values can lie on each other.</summary>
    public static bool Overlap(LoopBuffer a, LoopBuffer b) =>
        a.Memory == b.Memory && (a.Memory == LoopMemory.Argument
            ? a.Name == b.Name
            : a.Offset < b.Offset + b.Size && b.Offset < a.Offset + a.Size);
}

/// <summary>An operand of a part.</summary>
/// <param name="Buffer">Index among the kernel's buffers.</param>
/// <param name="Offset">Distance of the first element from the buffer's.</param>
internal sealed record LoopOperand(int Buffer, int Offset);

/// <summary>What a group does on its rows between two places where its threads may wait for each other.</summary>
/// <param name="Kernel">A pass, sum, product, fill or look-up, as it would be launched by itself.</param>
/// <param name="Operands">Its operands.</param>
/// <param name="Target">What a <see cref="ReducingKernel"/> writes.</param>
/// <param name="Adds">Whether the target keeps what it held.</param>
/// <param name="Waits">Whether threads wait before it: it reads what others wrote, or writes what they read.</param>
/// <param name="Comment">What it computes in the user's names.</param>
internal sealed record LoopPart(
    DeviceKernel Kernel, EquatableArray<LoopOperand> Operands, LoopOperand? Target, bool Adds, bool Waits, string Comment);

/// <summary>
/// A kernel that walks a whole sequence, or does what is to be done with each example's rows at one step. A step needs an example's own rows and
/// shared weights only, so a group owns a few examples and takes them through all parts; groups never wait for each other.
/// </summary>
/// <param name="Buffers">Values; first those that are not the group's alone, which are the operands.</param>
/// <param name="Before">What is done before the first step: states come to the group's memory.</param>
/// <param name="Parts">What is done at each step, or at the one.</param>
/// <param name="After">What is done after the last step.</param>
/// <param name="Order">Which steps.</param>
/// <param name="GroupRows">Examples of a group, a power of two.</param>
/// <param name="SharedSize">Elements of shared memory for values of one example.</param>
/// <param name="RoomSize">Elements of the group's own memory for one example.</param>
internal sealed record LoopKernel(
    EquatableArray<LoopBuffer> Buffers,
    EquatableArray<LoopPart> Before,
    EquatableArray<LoopPart> Parts,
    EquatableArray<LoopPart> After,
    StepOrder Order,
    int GroupRows,
    int SharedSize,
    int RoomSize)
    : DeviceKernel
{
    /// <summary>Elements that a group's static shared memory holds: 48 KB, less a number for each thread's reductions.</summary>
    public const int MostShared = (48 * 1024 / sizeof(float)) - GroupSize;

    public IEnumerable<LoopPart> AllParts => Before.Concat(Parts).Concat(After);

    /// <summary>Arenas that it gets, in a fixed order.</summary>
    public IEnumerable<LoopMemory> Arenas => Buffers.Select(buffer => buffer.Memory)
        .Where(memory => memory is not (LoopMemory.Argument or LoopMemory.Values)).Distinct().OrderBy(memory => memory);

    public override int OperandCount => Buffers.Count(buffer => !buffer.IsLocal);

    public override bool IsIndex(int operand) => Buffers[operand].IsIndex;

    public override bool Writes(int operand) => AllParts.Any(part =>
        part.Target?.Buffer == operand || part.Operands.Where((other, i) => other.Buffer == operand && part.Kernel.Writes(i)).Any());

    /// <summary>All steps read everything: what earlier ones wrote.</summary>
    public override bool Reads(int operand) => Order != StepOrder.Single || AllParts.Any(part =>
        (part.Adds && part.Target?.Buffer == operand) || part.Operands.Where((other, i) => other.Buffer == operand && part.Kernel.Reads(i)).Any());

    /// <summary>Whether any part needs to know which step it is.</summary>
    public bool NeedsStep => Order != StepOrder.Single || Buffers.Any(buffer => buffer.PerStep)
        || AllParts.Any(part => part.Kernel is PassKernel { Program.NeedsExampleIndex: true } or SumKernel { Program.NeedsExampleIndex: true });
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule.Gpu;

/// <summary>How many rows a kernel runs over.</summary>
internal enum RowCount
{
    /// <summary>One: what does not vary with the example.</summary>
    One,

    /// <summary>One for each example.</summary>
    Examples,

    /// <summary>One for each example at each step of time.</summary>
    Steps,
}

/// <summary>An operand of a launch.</summary>
/// <param name="Storage">Index of the storage, or -1 for a temporary of this step.</param>
/// <param name="Offset">Distance of the first element from the storage's; for a temporary, its number.</param>
internal sealed record DeviceOperand(int Storage, int Offset)
{
    public bool IsTemporary => Storage < 0;

    public static DeviceOperand Temporary(int number) => new(-1, number);
}

/// <summary>Something that a phase does.</summary>
internal abstract record DeviceStep;

/// <summary>A kernel at work.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Operands">Its buffers.</param>
/// <param name="Target">What a <see cref="ReducingKernel"/> writes or adds to; <c>null</c> for other kernels.</param>
/// <param name="TargetSize">Elements of the target for one row, all of it where rows are added up.</param>
/// <param name="Adds">Whether the target keeps what it held.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Temporaries">Elements a row of temporaries that begin with this launch.</param>
/// <param name="Comment">What it computes in the user's names.</param>
internal sealed record Launch(
    DeviceKernel Kernel,
    EquatableArray<DeviceOperand> Operands,
    DeviceOperand? Target,
    int TargetSize,
    bool Adds,
    RowCount Rows,
    EquatableArray<int> Temporaries,
    string Comment) : DeviceStep
{
    /// <summary>Whether the target has no row of its own for each row.</summary>
    public bool AddsRowsUp { get; init; }
}

/// <summary>Steps that run once for each step of time.</summary>
internal sealed record DeviceLoop(EquatableArray<DeviceStep> Body, bool FromLast) : DeviceStep;

/// <summary>Launches that run one after another.</summary>
/// <param name="Steps">In order.</param>
/// <param name="LaneOffset">Where the sums over examples that this phase adds up begin.</param>
/// <param name="LaneSize">How many elements they have.</param>
internal sealed record DevicePhase(EquatableArray<DeviceStep> Steps, int LaneOffset, int LaneSize);

/// <summary>A routine as a list of launches. The whole batch is one slice and all sums over examples have one lane.</summary>
internal sealed record DeviceProgram(EquatableArray<DevicePhase> Phases, RoutineProgram Source);

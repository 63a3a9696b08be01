using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Schedule;

/// <summary>Where a buffer lives.</summary>
internal enum Place
{
    /// <summary>A weight, in the model's flat buffer.</summary>
    Parameter,

    /// <summary>A weight's gradient, laid out as the parameters.</summary>
    Gradient,

    /// <summary>A new value for an untrained weight, or a value to bake, laid out as the parameters.</summary>
    Update,

    /// <summary>An input of real numbers.</summary>
    RealInput,

    /// <summary>An input of labels.</summary>
    IndexInput,

    /// <summary>What the caller reads, for each example; the offset is the output's number.</summary>
    Output,

    /// <summary>The mean loss.</summary>
    Loss,

    /// <summary>Values that do not vary with the example.</summary>
    Shared,

    /// <summary>Values of all examples that outlive a phase.</summary>
    Batch,

    /// <summary>Values of all examples that vary with time and outlive a phase.</summary>
    BatchSequence,

    /// <summary>Sums over examples while they are added up, one copy a lane.</summary>
    Lane,

    /// <summary>The same sums over all lanes, complete from the phase after on.</summary>
    LaneTotal,

    /// <summary>A worker's temporary values, one slice of examples at a time.</summary>
    Scratch,

    /// <summary>A worker's values of a slice that vary with time.</summary>
    Sequence,
}

/// <summary>A piece of memory.</summary>
/// <param name="Place">Where it lives.</param>
/// <param name="Offset">Its first element there; for places with a copy for each example, elements of one example.</param>
/// <param name="Size">Elements, for one example where there is one for each.</param>
/// <param name="Shape">Its shape, for the reader.</param>
/// <param name="Name">Its name in the emitted code, unique in the routine.</param>
/// <param name="PerExample">Whether each example has its own.</param>
/// <param name="PerStep">Whether each step of time has its own: all examples of a step, then those of the next.</param>
internal sealed record Storage(
    Place Place, int Offset, int Size, Shape Shape, string Name, bool PerExample, bool PerStep = false)
{
    /// <summary>What the values are, which several storages may say.</summary>
    public ValueLabel Label { get; init; } = ValueLabel.None;
}

/// <summary>What a value is.</summary>
/// <param name="Text">In the user's words, such as <c>gradient of cell.bias</c>; else what computed it.</param>
/// <param name="IsGiven">Whether the words come from the source, those that were made of others included (<see cref="ValueNames"/>).</param>
internal sealed record ValueLabel(string Text, bool IsGiven)
{
    public static readonly ValueLabel None = new("", false);
}

/// <summary>An operand of a step.</summary>
/// <param name="Storage">Index of the storage.</param>
/// <param name="Offset">Distance of the operand's first element from the storage's.</param>
internal sealed record Access(int Storage, int Offset);

/// <summary>One line of a phase.</summary>
internal abstract record Step
{
    /// <summary>Whether, outside of a loop over time, it is for all steps.</summary>
    public bool OverSteps { get; init; }
}

/// <summary>Steps that run once for each step of time, in its order or from the last to the first.</summary>
internal sealed record LoopStep(EquatableArray<Step> Body, bool FromLast) : Step;

/// <summary>A fused pass over memory.</summary>
/// <param name="Program">Index of the row program.</param>
/// <param name="Operands">In the program's order.</param>
/// <param name="Comment">What it computes in the user's names.</param>
/// <param name="Values">The user's names of the values of the program's instructions; empty where there is none.</param>
internal sealed record RowStep(int Program, EquatableArray<Access> Operands, string Comment, EquatableArray<string> Values) : Step;

/// <summary>A call of a kernel.</summary>
/// <param name="Operation">The lowered operation.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="InputShapes">Shapes of what it reads.</param>
/// <param name="InputStrides">Strides of what it reads.</param>
/// <param name="Output">What it writes or adds to.</param>
/// <param name="OutputShape">Shape of the output.</param>
internal sealed record CallStep(
    Operation Operation,
    EquatableArray<Access> Inputs,
    EquatableArray<Shape> InputShapes,
    EquatableArray<EquatableArray<int>> InputStrides,
    Access Output,
    Shape OutputShape) : Step;

/// <summary>Fills a storage with a number.</summary>
internal sealed record FillStep(Access Output, int Size, double Number) : Step;

/// <summary>Steps that run together.</summary>
/// <param name="Steps">In order.</param>
/// <param name="LaneOffset">Where the sums that this phase adds up begin in a lane.</param>
/// <param name="LaneSize">How many elements they have.</param>
internal sealed record Phase(EquatableArray<Step> Steps, int LaneOffset, int LaneSize);

/// <summary>An entry point with every decision taken; what is left is to print it.</summary>
internal sealed record RoutineProgram(
    EquatableArray<Phase> Phases,
    EquatableArray<Storage> Storages,
    EquatableArray<RowProgram> RowPrograms,
    int SliceRows,
    int SharedSize,
    int BatchSize,
    int BatchSequenceSize,
    int LaneSize,
    int ScratchSize,
    int SequenceSize);

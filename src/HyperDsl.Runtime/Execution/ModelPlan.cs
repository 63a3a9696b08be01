namespace HyperDsl.Execution;

/// <summary>What the compiler wrote of a model: its parameters and its entry points.</summary>
/// <param name="Parameters">Weights in order of the flat buffer.</param>
/// <param name="Entries">Entry points.</param>
/// <param name="Explanation">What is to be said of its generated weights.</param>
public sealed record ModelPlan(
    IReadOnlyList<ParameterPlan> Parameters, IReadOnlyList<EntryPlan> Entries, ModelExplanation? Explanation = null);

/// <summary>A weight's place in the flat parameter buffer.</summary>
/// <param name="Name">Path through the fields, such as <c>generator.output.bias</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where it begins, in elements.</param>
/// <param name="Trained">Whether it has a gradient.</param>
/// <param name="IsHyper">Whether a field marked <c>[Hyper]</c> leads to it: it makes weights.</param>
public sealed record ParameterPlan(string Name, IReadOnlyList<int> Shape, int Offset, bool Trained, bool IsHyper = false);

/// <summary>An input of an entry point.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Shape">Shape for one example.</param>
/// <param name="Classes">For a label the number of classes; 0 for real numbers.</param>
/// <param name="Steps">Whether each step of time has its own.</param>
public sealed record InputPlan(string Name, IReadOnlyList<int> Shape, int Classes, bool Steps = false);

/// <summary>An entry point and the routines the compiler made of it; null where it made none.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="IsLoss">Whether it is a loss.</param>
/// <param name="Inputs">Inputs in order.</param>
/// <param name="OutputShape">Shape of one example's result.</param>
/// <param name="Evaluate">Makes the routine without gradients.</param>
/// <param name="Train">Makes the routine with gradients; losses only.</param>
/// <param name="Evaluate64">The same in double precision, where asked for.</param>
/// <param name="Train64">The same in double precision, where asked for.</param>
/// <param name="Baked">The deployed form of a prediction, where it has generated weights.</param>
public sealed record EntryPlan(
    string Name,
    bool IsLoss,
    IReadOnlyList<InputPlan> Inputs,
    IReadOnlyList<int> OutputShape,
    Func<CompiledRoutine<float>> Evaluate,
    Func<CompiledRoutine<float>>? Train,
    Func<CompiledRoutine<double>>? Evaluate64,
    Func<CompiledRoutine<double>>? Train64,
    BakedPlan? Baked)
{
    /// <summary>Whether the result varies with time, one for each step.</summary>
    public bool OutputSteps { get; init; }

    /// <summary>
    /// States of cells that a call may begin with and leaves. Each adds two inputs behind <see cref="Inputs"/>, whether it is fresh (1
    /// or 0) and its value, and an output behind the prediction.
    /// </summary>
    public IReadOnlyList<OutputPlan> States { get; init; } = [];

    /// <summary>The routine that gives the values watched in evaluation; <c>null</c> where none is.</summary>
    public WatchPlan? WatchEvaluate { get; init; }

    /// <summary>The routine that gives the values watched in training; <c>null</c> where none is.</summary>
    public WatchPlan? WatchTrain { get; init; }
}

/// <summary>A value that a routine gives for each example.</summary>
/// <param name="Name">Name of the entry, state or watched value.</param>
/// <param name="Shape">Its shape for one example.</param>
/// <param name="Steps">Whether there is one for each step of time.</param>
public sealed record OutputPlan(string Name, IReadOnlyList<int> Shape, bool Steps = false);

/// <summary>A routine that gives watched values, behind its other outputs.</summary>
/// <param name="Outputs">The watched values.</param>
/// <param name="Make">Makes the routine.</param>
public sealed record WatchPlan(IReadOnlyList<OutputPlan> Outputs, Func<CompiledRoutine<float>> Make);

/// <summary>A prediction whose generated weights are stored instead of computed.</summary>
/// <param name="Parameters">What the deployed model stores: kernels and ordinary weights.</param>
/// <param name="Generate">
/// Computes them from the model's parameters: one once-phase that writes the flat buffer of <paramref name="Parameters"/> to
/// <see cref="Frame{T}.Updates"/>.
/// </param>
/// <param name="Predict">The prediction from that buffer.</param>
public sealed record BakedPlan(
    IReadOnlyList<ParameterPlan> Parameters,
    Func<CompiledRoutine<float>> Generate,
    Func<CompiledRoutine<float>> Predict);

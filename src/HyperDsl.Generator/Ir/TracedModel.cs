namespace HyperDsl.Generator.Ir;

/// <summary>Everything the tracer says of one model: the value that leaves the front end. No Roslyn object inside.</summary>
/// <param name="Type">Where the generated part of the class goes.</param>
/// <param name="Parameters">Weights in order of the flat parameter buffer.</param>
/// <param name="Entries">Entry points in order of declaration.</param>
/// <param name="Float64">Whether code in double precision is asked for as well.</param>
/// <param name="Problems">Ids and texts of what was found wrong; when any is an error nothing is emitted.</param>
/// <param name="Gpu">Whether kernels for GPUs are emitted as well.</param>
/// <param name="Loops">Who walks sequences on a GPU.</param>
/// <param name="TensorCores">Whether large products of a GPU round their factors.</param>
/// <param name="SliceExamples">How many examples a worker takes at a time; 0 where sizes decide.</param>
internal sealed record TracedModel(
    TypePlace Type,
    EquatableArray<Parameter> Parameters,
    EquatableArray<Entry> Entries,
    bool Float64,
    EquatableArray<Problem> Problems,
    bool Gpu = false,
    LoopForm Loops = LoopForm.Automatic,
    bool TensorCores = false,
    int SliceExamples = 0);

/// <summary>Who walks sequences on a GPU; numbered as the attribute's.</summary>
internal enum LoopForm
{
    Automatic,

    /// <summary>The host launches kernels for every step.</summary>
    Host,

    /// <summary>A kernel walks the sequence.</summary>
    Device,
}

/// <summary>How to open a type again in generated code.</summary>
/// <param name="Namespace">Its namespace, or empty for the global one.</param>
/// <param name="Declarations">The chain of declarations, outermost first, such as <c>public sealed partial class Digits</c>.</param>
/// <param name="MetadataName">Full metadata name, unique in the project; hint names come from it.</param>
internal sealed record TypePlace(string Namespace, EquatableArray<string> Declarations, string MetadataName)
{
    /// <summary>The type's own name without namespace.</summary>
    public string Name => MetadataName.Split('.', '+').Last();
}

/// <summary>A weight of the model.</summary>
/// <param name="Name">Path through the fields, such as <c>generator.output.bias</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where it begins in the flat buffer, in elements.</param>
/// <param name="Trained">Whether it has a gradient; running statistics have none.</param>
/// <param name="HyperOwner">
/// For a weight behind a field marked <c>[Hyper]</c>, the path of the network with that field, such as <c>cell.</c>; else null.
/// </param>
internal sealed record Parameter(string Name, Shape Shape, int Offset, bool Trained, string? HyperOwner = null);

/// <summary>An input of an entry point.</summary>
/// <param name="Name">The parameter's name in the user's method.</param>
/// <param name="Shape">Shape for one example.</param>
/// <param name="Kind">Real numbers or class indices.</param>
/// <param name="Classes">For indices, how many classes there are; else 0.</param>
/// <param name="Steps">Whether each step of time has its own.</param>
internal sealed record Input(string Name, Shape Shape, ElementKind Kind, int Classes, bool Steps = false);

/// <summary>An entry point: a method marked <c>[Predict]</c> or <c>[Loss]</c>.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="IsLoss">Whether it is a loss.</param>
/// <param name="Inputs">Its inputs in order.</param>
/// <param name="Evaluation">The graph with <c>Mode.Training</c> off.</param>
/// <param name="Training">The graph with <c>Mode.Training</c> on; only for losses.</param>
internal sealed record Entry(string Name, bool IsLoss, EquatableArray<Input> Inputs, Graph Evaluation, Graph? Training);

/// <summary>Something found wrong while tracing, without its place (places belong to the analyzer).</summary>
internal sealed record Problem(string Id, string Text, bool IsError);

namespace HyperDsl.Generator.Ir;

/// <summary>One value of a graph: an operation applied to earlier nodes.</summary>
/// <param name="Id">Position in the graph; inputs always have smaller ids.</param>
/// <param name="Operation">What is computed, with its attributes.</param>
/// <param name="Inputs">Ids of the inputs.</param>
/// <param name="Shape">Shape for one example.</param>
/// <param name="Kind">Real numbers or indices.</param>
/// <param name="Varies">What the value varies with.</param>
/// <param name="Name">The user's name for it, or empty.</param>
internal sealed record Node(
    int Id,
    Operation Operation,
    EquatableArray<int> Inputs,
    Shape Shape,
    ElementKind Kind,
    Varies Varies,
    string Name)
{
    public Value Value => new(Id);

    /// <summary>Whether every example of a batch has its own.</summary>
    public bool VariesWithExample => (Varies & Varies.Example) != 0;

    public Value Input(int index) => new(Inputs[index]);
}

/// <summary>A handle to a node of the graph that is being built.</summary>
internal readonly record struct Value(int Id);

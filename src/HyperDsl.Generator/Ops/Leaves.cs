using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>A node without inputs.</summary>
internal abstract record Leaf : Operation
{
    public sealed override int InputCount => 0;

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [];

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => 0;
}

/// <summary>A weight of the model.</summary>
/// <param name="Index">Its place in the model's list of parameters.</param>
/// <param name="Sizes">Its shape.</param>
/// <param name="Trained">Whether a gradient is wanted.</param>
internal sealed record ParameterLeaf(int Index, Shape Sizes, bool Trained) : Leaf
{
    public override string Name => "parameter";

    public override string Attributes => "index=" + Literal.Integer(Index) + (Trained ? "" : " untrained");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes;
}

/// <summary>An input of the entry point; every example has its own.</summary>
/// <param name="Index">Its place in the entry's list of inputs.</param>
/// <param name="Sizes">Shape for one example.</param>
/// <param name="Classes">For a label, the number of classes; 0 for real numbers.</param>
/// <param name="Steps">Whether each step of time has its own.</param>
internal sealed record InputLeaf(int Index, Shape Sizes, int Classes, bool Steps = false) : Leaf
{
    public override string Name => "input";

    public override string Attributes =>
        "index=" + Literal.Integer(Index) + (Classes > 0 ? " classes=" + Literal.Integer(Classes) : "") + (Steps ? " steps" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes;

    public override ElementKind InferKind(IReadOnlyList<Node> inputs) => Classes > 0 ? ElementKind.Index : ElementKind.Real;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Steps ? Varies.Example | Varies.Time : Varies.Example;
}

/// <summary>A number known at compile time, a scalar; other shapes are broadcasts of it.</summary>
internal sealed record Constant(double Number) : Leaf
{
    public override string Name => "constant";

    public override string Attributes => Literal.Exact(Number);

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Shape.Scalar;
}

/// <summary>The number of examples of the batch, a scalar known at run time.</summary>
internal sealed record ExampleCount : Leaf
{
    public override string Name => "exampleCount";

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Shape.Scalar;
}

/// <summary>The number of steps of time, a scalar known at run time.</summary>
internal sealed record StepCount : Leaf
{
    public override string Name => "stepCount";

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Shape.Scalar;
}

/// <summary>
/// Random 0 or 1 for each element, 1 with the given probability; a function of (seed, step, site, example, element), equal
/// on every backend and never stored.
/// </summary>
/// <param name="Keep">Probability of a 1.</param>
/// <param name="Sizes">Shape for one example.</param>
/// <param name="Site">Number of the call in the entry.</param>
/// <param name="EachStep">Whether each step of time has its own; inside a scan it does anyhow, unless <paramref name="EachSequence"/>.</param>
/// <param name="EachSequence">Whether all steps share it although a step of a scan draws it: a scan captures it from outside.</param>
/// <param name="Loop">The loop over time at whose steps it is drawn, once scans are opened; 0 for none.</param>
internal sealed record KeepMask(
    double Keep, Shape Sizes, int Site, bool EachStep = false, bool EachSequence = false, int Loop = 0) : Leaf
{
    public override string Name => "keepMask";

    public override string Attributes =>
        "keep=" + Literal.Exact(Keep) + " site=" + Literal.Integer(Site) + (EachStep ? " eachStep" : "") + (EachSequence ? " eachSequence" : "")
        + (Loop > 0 ? " loop=" + Literal.Integer(Loop) : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => Sizes;

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => EachStep ? Varies.Example | Varies.Time : Varies.Example;
}

using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Ir;

/// <summary>
/// What a node computes. One sealed record an operation, in a file of its own under <c>Ops</c>: its attributes, shape rule,
/// gradient and cost. Records, so that graphs compare by value.
/// </summary>
internal abstract record Operation
{
    /// <summary>The name in printed graphs, lower camel case.</summary>
    public abstract string Name { get; }

    /// <summary>Attributes as they stand in a printed graph, for example <c>axes=[0, 1]</c>; empty if there are none.</summary>
    public virtual string Attributes => "";

    /// <summary>How many inputs it takes; -1 for any number.</summary>
    public virtual int InputCount => -1;

    /// <summary>The shape of the result for one example.</summary>
    /// <exception cref="ShapeException">The inputs do not fit; the message names both shapes and the remedy.</exception>
    public abstract Shape InferShape(IReadOnlyList<Node> inputs);

    /// <summary>
    /// Whether it is needed wherever its first input is, though nobody reads it: what a loop's step leaves for the next one.
    /// </summary>
    public virtual bool IsKeptWithFirstInput => false;

    public virtual ElementKind InferKind(IReadOnlyList<Node> inputs) => ElementKind.Real;

    public virtual Varies InferVaries(IReadOnlyList<Node> inputs)
    {
        Varies varies = Varies.Nothing;
        foreach (Node input in inputs)
        {
            varies |= input.Varies;
        }
        return varies;
    }

    /// <summary>
    /// The gradients of the inputs given that of the result, <c>null</c> where there is none. Each has the shape of its
    /// input; the caller sums over the batch (<see cref="SumOverExamples"/>) where an input varies with less than the
    /// result does, even if the gradient itself happens not to vary: then every example adds the same.
    /// Whatever input or result is mentioned here is what the backward pass keeps.
    /// </summary>
    public virtual Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) =>
        throw new InvalidOperationException($"'{Name}' has no gradient.");

    /// <summary>A simpler value for the same result, or <c>null</c>. Local rules only: what the operation knows of itself.</summary>
    public virtual Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) => null;

    /// <summary>Multiply-adds (or comparable work) for one example.</summary>
    public virtual long Cost(IReadOnlyList<Node> inputs, Node node) => node.Shape.Count;
}

/// <summary>Shapes that do not fit. The text is shown to the user at the expression.</summary>
internal sealed class ShapeException(string message) : Exception(message);

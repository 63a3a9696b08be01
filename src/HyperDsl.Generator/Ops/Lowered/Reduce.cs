using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>A lowered operation that may add its results up over the examples of the batch, in lanes.</summary>
internal interface ISumsOverExamples
{
    bool OverExamples { get; }
}

/// <summary>A sum over axes and, if asked, over the examples: what <see cref="Sum"/> and <see cref="SumOverExamples"/> become.</summary>
/// <param name="Axes">Axes in rising order; they vanish from the shape.</param>
/// <param name="OverExamples">Whether examples are added up as well.</param>
internal sealed record Reduce(EquatableArray<int> Axes, bool OverExamples) : Operation, ISumsOverExamples
{
    public override string Name => "reduce";

    public override string Attributes => "axes=[" + Axes + "]" + (OverExamples ? " overExamples" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => new Sum(Axes).InferShape(inputs);

    public override Varies InferVaries(IReadOnlyList<Node> inputs) =>
        OverExamples ? base.InferVaries(inputs) & ~Varies.Example : base.InferVaries(inputs);

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => inputs[0].Shape.Count;
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>A lowered operation that may add its results up over the examples of the batch, in lanes.</summary>
internal interface ISumsOverExamples
{
    bool OverExamples { get; }
}

/// <summary>A sum over axes and, if asked, over the examples: what <see cref="Sum"/> and <see cref="SumOverExamples"/> become.</summary>
/// <param name="Axes">Axes in rising order; they vanish from the shape.</param>
/// <param name="OverExamples">Whether examples, and their steps if the value varies with time, are added up as well.</param>
/// <param name="OverSteps">Whether the steps of each example are added up.</param>
internal sealed record Reduce(EquatableArray<int> Axes, bool OverExamples, bool OverSteps = false) : Operation, ISumsOverExamples
{
    public override string Name => "reduce";

    public override string Attributes => "axes=[" + Axes + "]" + (OverExamples ? " overExamples" : "") + (OverSteps ? " overSteps" : "");

    public override Shape InferShape(IReadOnlyList<Node> inputs) => new Sum(Axes).InferShape(inputs);

    public override Varies InferVaries(IReadOnlyList<Node> inputs) =>
        OverExamples ? Varies.Nothing
        : OverSteps ? base.InferVaries(inputs) & ~Varies.Time
        : base.InferVaries(inputs);

    public override long Cost(IReadOnlyList<Node> inputs, Node node) => inputs[0].Shape.Count;
}

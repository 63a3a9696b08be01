using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>Gradients of gathered rows added up into the table's gradient over the whole batch.</summary>
/// <param name="Rows">Rows of the table.</param>
internal sealed record ScatterRowOverExamples(int Rows) : Operation, ISumsOverExamples
{
    public override string Name => "scatterRowOverExamples";

    public override string Attributes => "rows=" + Literal.Integer(Rows);

    public bool OverExamples => true;

    public override Shape InferShape(IReadOnlyList<Node> inputs) =>
        Shape.Of(new[] { Rows }.Concat(inputs[0].Shape.Sizes));

    public override Varies InferVaries(IReadOnlyList<Node> inputs) => Varies.Nothing;
}

using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops.Lowered;

/// <summary>An elementwise operation computed a second time in a later phase, because that costs less than keeping its result.</summary>
/// <param name="Inner">The operation.</param>
/// <param name="Phase">The phase that computes it again.</param>
internal sealed record Again(Elementwise Inner, int Phase) : Elementwise
{
    public override string Name => Inner.Name;

    public override string Attributes => (Inner.Attributes + " again=" + Literal.Integer(Phase)).TrimStart();

    public override int Arity => Inner.Arity;

    public override string Vector(IReadOnlyList<string> operands, bool single) => Inner.Vector(operands, single);

    public override string Scalar(IReadOnlyList<string> operands, bool single) => Inner.Scalar(operands, single);

    public override string Formula(IReadOnlyList<string> operands) => Inner.Formula(operands);

    public override FormulaText Formula(IReadOnlyList<FormulaText> operands) => Inner.Formula(operands);

    public override double Evaluate(IReadOnlyList<double> operands) => Inner.Evaluate(operands);

    public override Value? Simplify(GraphBuilder graph, IReadOnlyList<Node> inputs, Shape shape) => null;
}

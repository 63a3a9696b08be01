using HyperDsl.Generator.Ir;

namespace HyperDsl.Generator.Ops;

/// <summary>The natural logarithm.</summary>
internal sealed record Log : UnaryElementwise
{
    public override string Name => "log";

    public override int Cycles => 12;

    protected override string Vector(string x, bool single) => $"VectorMath.Log({x})";

    protected override string Scalar(string x, bool single) => $"VectorMath.Log({x})";

    protected override double Evaluate(double x) => Math.Log(x);

    public override Value?[] Gradient(GraphBuilder graph, Node node, Value gradient) => [graph.Over(gradient, node.Input(0))];
}

/// <summary>The language's <c>Log(x)</c>.</summary>
internal sealed class LogPrimitive : UnaryPrimitive<Log>;
